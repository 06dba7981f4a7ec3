package io.nova.iceberg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches, tags, chunks and expiries in any order, against the difference of plain sets. */
class FilesOfExpiredTest {
  private static final int STEPS = 60;

  @TempDir private Path folder;
  private LifecycleWorld world;
  private Random random;
  private final List<CommitterState> states = new ArrayList<>();
  private final List<BlockFile> unmerged = new ArrayList<>();
  private final Set<Long> tags = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void filesThatLeaveAreThoseThatNoRetainedSnapshotNames(long seed) {
    world = new LifecycleWorld(folder);
    random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(10)) {
        case 0 -> restore();
        case 1 -> merge();
        case 2 -> tagOrDropTag();
        case 3, 4 -> expire();
        default -> commit();
      }
    }
  }

  private void commit() {
    BlockFile file = world.file(random.nextBoolean() ? "10:02" : "2026-11-21 10:02:00");
    world.commit(file);
    unmerged.add(file);
    states.add(world.state());
  }

  private void merge() {
    if (!unmerged.isEmpty()) {
      BlockFile file = unmerged.remove(random.nextInt(unmerged.size()));
      world.merge(file);
      states.add(world.state());
    }
  }

  /** Goes back to a state whose link is retained, mostly a recent one. */
  private void restore() {
    Set<String> retained =
        snapshots(world.table()).stream()
            .map(snapshot -> snapshot.summary().get("nova.uuid"))
            .collect(Collectors.toSet());
    states.removeIf(state -> !retained.contains(state.applied()));
    if (!states.isEmpty()) {
      int back = 1 + random.nextInt(Math.min(6, states.size()));
      world.restore(states.get(states.size() - back));
      unmerged.clear();
    }
  }

  private void tagOrDropTag() {
    long batch = 20777L + random.nextInt(2);
    if (tags.remove(batch)) {
      world.dropTag(batch);
    } else {
      world.tag(batch);
      tags.add(batch);
    }
  }

  private void expire() {
    Table table = world.table();
    Set<Long> referenced =
        table.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    List<Snapshot> expiring =
        snapshots(table).stream()
            .filter(snapshot -> !referenced.contains(snapshot.snapshotId()))
            .filter(snapshot -> random.nextInt(3) == 0)
            .toList();
    if (expiring.isEmpty()) {
      return;
    }
    Set<String> expected = new TreeSet<>(world.named());
    Set<String> leaving = new TreeSet<>();
    FilesOfExpired.of(table, expiring)
        .all()
        .forEach(file -> leaving.add(LifecycleWorld.name(file)));
    expire(expiring);
    expected.removeAll(world.named());
    assertThat(leaving).isEqualTo(expected);
  }

  private void expire(List<Snapshot> expiring) {
    world.chain.change(
        Step.EXPIRE,
        transaction -> {
          ExpireSnapshots expiry =
              transaction.expireSnapshots().cleanupLevel(CleanupLevel.NONE).expireOlderThan(0);
          expiring.forEach(snapshot -> expiry.expireSnapshotId(snapshot.snapshotId()));
          expiry.commit();
          return true;
        });
  }

  private static List<Snapshot> snapshots(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false).toList();
  }
}
