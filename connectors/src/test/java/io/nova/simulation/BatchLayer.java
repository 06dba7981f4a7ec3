package io.nova.simulation;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.HandoffResult;
import io.nova.iceberg.commit.HandoffResult.Outcome;
import io.nova.iceberg.commit.RequestPosition;
import io.nova.iceberg.commit.TableHandoff;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * The batch layer: it loads the rows of tags, completes batches and withdraws them. The committer
 * removes their files. What it has loaded is a plain map, which no restore changes.
 */
final class BatchLayer {
  private final TableContent content;
  private final Tags tags;
  private final Random random;
  private final Trace trace;
  private final TreeMap<Long, Loaded> loaded = new TreeMap<>();
  private long dropped = BatchNumbers.NONE;
  private long requests;
  private long deleted = BatchNumbers.NONE;
  private int removals;

  /** Knows what a closing link has closed. */
  interface Tags {
    SimulatedTag of(ClosedBatch closed, Set<SimulatedMessage> rows);
  }

  /** A batch that it answers for, and the closing link that it has named. */
  record Loaded(SimulatedTag tag, String link) {}

  BatchLayer(TableContent content, Tags tags, Random random, Trace trace) {
    this.content = content;
    this.tags = tags;
    this.random = random;
    this.trace = trace;
  }

  /** The last batch that it answers for. */
  long completed() {
    return loaded.isEmpty() ? BatchNumbers.NONE : loaded.lastKey();
  }

  /** The batches that it answers for and whose tag was not dropped. */
  List<Loaded> tagged() {
    return List.copyOf(loaded.tailMap(dropped, dropped == BatchNumbers.NONE).values());
  }

  /** The closing link that it has named for a batch. */
  String link(long batch) {
    return Objects.requireNonNull(loaded.get(batch)).link();
  }

  /** The rows that it has. */
  Set<SimulatedMessage> rows() {
    return rowsUpTo(Long.MAX_VALUE);
  }

  /** The rows that it has of the batches up to one. */
  Set<SimulatedMessage> rowsUpTo(long batch) {
    Set<SimulatedMessage> rows = new HashSet<>();
    loaded.headMap(batch, true).values().forEach(one -> rows.addAll(one.tag().rows()));
    return rows;
  }

  /** The tags of all batches that it answers for. */
  List<SimulatedTag> tags() {
    return loaded.values().stream().map(Loaded::tag).toList();
  }

  /** How often files were removed from the table. */
  int removals() {
    return removals;
  }

  /** Does one random step of the handoff. */
  void act(EventTable events, CommitChain chain) {
    Table table = events.iceberg();
    table.refresh();
    TableHandoff handoff = new TableHandoff(chain);
    switch (random.nextInt(4)) {
      case 0 -> withdraw(table, handoff);
      case 1 -> remove(table, handoff);
      default -> complete(table, handoff);
    }
  }

  private void complete(Table table, TableHandoff handoff) {
    Optional<ClosedBatch> next =
        ClosedBatches.of(table.currentSnapshot()).next(before(table).completed());
    if (next.isEmpty()) {
      return;
    }
    long batch = next.get().batch();
    List<SimulatedMessage> rows = content.tagged(table, batch);
    must(Outcome.REFUSED, complete(handoff, batch, "another link", request()));
    must(Outcome.REFUSED, complete(handoff, batch + 1, next.get().link(), request()));
    RequestPosition request = request();
    must(Outcome.DONE, complete(handoff, batch, next.get().link(), request));
    trace.note("COMPLETE batch " + batch);
    loaded.put(batch, new Loaded(tags.of(next.get(), Set.copyOf(rows)), next.get().link()));
    HaltPoint.ANSWER.reached();
    mustChangeNothing(table, () -> complete(handoff, batch, next.get().link(), request));
  }

  private static HandoffResult complete(
      TableHandoff handoff, long batch, String link, RequestPosition request) {
    return handoff.complete(batch, link, null, request, "etl", Instant.now());
  }

  private void withdraw(Table table, TableHandoff handoff) {
    HandoffProperties before = before(table);
    if (before.completed() == BatchNumbers.NONE) {
      return;
    }
    boolean may =
        before.completed() > before.deleted()
            && ClosedBatches.of(table.currentSnapshot())
                .link(before.completed())
                .filter(loaded.get(before.completed()).link()::equals)
                .isPresent();
    must(
        may ? Outcome.DONE : Outcome.REFUSED,
        handoff.withdraw(before.completed(), request(), "ops", Instant.now()));
    if (may) {
      trace.note("WITHDRAW batch " + before.completed());
      loaded.remove(before.completed());
      HaltPoint.ANSWER.reached();
    }
  }

  private void remove(Table table, TableHandoff handoff) {
    try {
      handoff.remove(Instant.now(), Duration.ZERO);
    } finally {
      table.refresh();
      removals += before(table).deleted() > deleted ? 1 : 0;
      deleted = before(table).deleted();
    }
    trace.note("REMOVE up to batch " + before(table).deleted());
    for (DataFile file : TableContent.files(table, table.currentSnapshot())) {
      if (file.partition().get(0, Long.class) <= before(table).completed()) {
        throw new AssertionError("invariant 6: not removed: " + file.location());
      }
    }
  }

  /** Notes which tags the committer has dropped: those of batches that were removed. */
  void noteDropped(Table table) {
    HandoffProperties handoff = before(table);
    dropped =
        loaded.headMap(handoff.deleted(), true).keySet().stream()
            .filter(batch -> handoff.batch(batch).isEmpty())
            .max(Long::compare)
            .orElse(dropped);
  }

  private RequestPosition request() {
    return new RequestPosition("topic", requests++);
  }

  private static HandoffProperties before(Table table) {
    return HandoffProperties.of(table.properties());
  }

  private static void must(Outcome expected, HandoffResult found) {
    if (found.outcome() != expected) {
      throw new AssertionError("invariant 6: %s expected: %s".formatted(expected, found));
    }
  }

  private static void mustChangeNothing(Table table, Runnable act) {
    table.refresh();
    HandoffProperties before = before(table);
    act.run();
    table.refresh();
    if (!before(table).equals(before)) {
      throw new AssertionError("invariant 6: a request was applied twice");
    }
  }
}
