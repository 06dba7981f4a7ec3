package io.nova.simulation;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.RequestPosition;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.iceberg.lifecycle.NamedByState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/** Committers of earlier runs that are still alive. They try what a committer does. */
final class TableZombies {
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final RequestPosition REQUEST = new RequestPosition("topic", Long.MAX_VALUE);

  private final Random random;
  private final Trace trace;
  private final TableCounts counts;
  private final ArrayDeque<Zombie> alive = new ArrayDeque<>();

  private record Zombie(CommitChain chain, List<Link> pending) {
    TableHandoff handoff() {
      return new TableHandoff(chain);
    }
  }

  TableZombies(Random random, Trace trace, TableCounts counts) {
    this.random = random;
    this.trace = trace;
    this.counts = counts;
  }

  /** A committer that another run has taken over from, and its links that are not applied. */
  void add(CommitChain chain, List<Link> pending) {
    alive.add(new Zombie(chain, pending));
  }

  /** Invariant 5: a writer of an earlier generation changes nothing, and fails. */
  void tryOne(EventTable table, BatchLayer batchLayer) {
    if (alive.isEmpty() || random.nextInt(3) > 0) {
      return;
    }
    Zombie zombie = alive.remove();
    counts.zombies.incrementAndGet();
    for (Link link : zombie.pending.stream().limit(1).toList()) {
      trace.note("ZOMBIE tries " + link.uuid());
      mustFail("commit", table, () -> zombie.chain.apply(link));
    }
    table.iceberg().refresh();
    ClosedBatches.of(table.iceberg().currentSnapshot())
        .next(batchLayer.completed())
        .ifPresent(next -> mustFail("completion", table, () -> complete(zombie, next)));
    mustFail(
        "withdraw",
        table,
        () -> zombie.handoff().withdraw(batchLayer.completed(), REQUEST, "ops", Instant.now()));
    mustFail("removal", table, () -> zombie.handoff().remove(FAR, Duration.ZERO));
    mustFail("drop of tags", table, () -> zombie.handoff().dropTags(FAR, Duration.ofDays(1)));
    mustFail(
        "expiry",
        table,
        () -> SimulatedLifecycle.at(table, zombie.chain, FAR).step(NamedByState.NOTHING));
  }

  private static void complete(Zombie zombie, ClosedBatch next) {
    zombie.handoff().complete(next.batch(), next.link(), null, REQUEST, "etl", Instant.now());
  }

  private static void mustFail(String what, EventTable table, Runnable act) {
    mustFailAndChangeNothing("invariant 5: a zombie's " + what, table, act);
  }

  /** What a writer may change. */
  private record Changeable(
      Snapshot head, Map<String, SnapshotRef> refs, HandoffProperties handoff) {
    static Changeable of(Table table) {
      table.refresh();
      return new Changeable(
          table.currentSnapshot(), table.refs(), HandoffProperties.of(table.properties()));
    }
  }

  static void mustFailAndChangeNothing(String what, EventTable table, Runnable act) {
    Changeable before = Changeable.of(table.iceberg());
    boolean failed = false;
    try {
      act.run();
    } catch (IllegalStateException expected) {
      failed = true;
    }
    if (!failed || !Changeable.of(table.iceberg()).equals(before)) {
      throw new AssertionError(what + " must fail and change nothing");
    }
  }
}
