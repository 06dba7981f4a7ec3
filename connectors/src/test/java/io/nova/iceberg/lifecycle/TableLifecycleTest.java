package io.nova.iceberg.lifecycle;

import static io.nova.iceberg.lifecycle.LifecycleWorld.WEEK;
import static io.nova.iceberg.lifecycle.LifecycleWorld.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.event.Tally;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLifecycleTest {
  private static final Duration SHORT = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private LifecycleWorld world;

  @BeforeEach
  void begin() {
    world = new LifecycleWorld(folder);
  }

  private Snapshot head() {
    return world.table().currentSnapshot();
  }

  /** Sets the clock to the time when all that is superseded now becomes too old. */
  private void later() {
    LifecycleWorld.pause();
    world.clock.now = Instant.now().plus(WEEK.savepoints());
  }

  private void run() {
    world.lifecycle(WEEK).run(NamedByState.NOTHING);
  }

  private static NamedByState links(Link... links) {
    Set<String> uuids = new HashSet<>();
    List.of(links).forEach(link -> uuids.add(link.uuid()));
    return new NamedByState(uuids, Set.of());
  }

  @Test
  void ageCountsFromSupersession() {
    world.commit();
    Snapshot old = head();
    LifecycleWorld.pause();
    world.commit();
    Instant superseded = Instant.ofEpochMilli(head().timestampMillis());

    world.clock.now = superseded.plus(WEEK.savepoints());
    run();
    assertThat(world.snapshots()).contains(old.snapshotId()).hasSize(3);

    world.clock.now = world.clock.now.plusMillis(1);
    run();
    assertThat(world.snapshots()).doesNotContain(old.snapshotId());
  }

  @Test
  void headStaysWhateverItsAge() {
    world.commit();
    Snapshot before = head();
    later();
    run();

    assertThat(world.snapshots()).hasSize(2).contains(before.snapshotId());
    assertThat(head().summary()).containsEntry("nova.step", "EXPIRE");
    assertThat(world.warehouse.ids()).containsExactly("e0");
    assertThat(world.stored()).isEqualTo(world.named());
  }

  @Test
  void idleTableComesToRest() {
    world.commit();
    for (int week = 0; week < 4; week++) {
      later();
      run();
    }
    Snapshot rest = head();
    later();
    run();

    assertThat(head()).isEqualTo(rest);
    assertThat(world.snapshots()).hasSizeLessThan(4);
  }

  @Test
  void linksOfTheLastCheckpointsStay() {
    Link base = world.commit();
    Snapshot kept = head();
    world.commit();
    CommitterState state = world.state();
    world.commit();
    later();
    world.lifecycle(WEEK).run(links(base));

    assertThat(world.snapshots()).contains(kept.snapshotId()).hasSize(3);
    assertThatIllegalStateException()
        .isThrownBy(() -> world.restore(state))
        .withMessageContaining("no retained snapshot");
  }

  @Test
  void oneStepExpiresTwentySnapshots() {
    for (int link = 0; link < 25; link++) {
      world.commit();
    }
    later();
    TableLifecycle lifecycle = world.lifecycle(WEEK);

    assertThat(lifecycle.step(NamedByState.NOTHING)).isTrue();
    assertThat(world.snapshots()).hasSize(26 - 20 + 1);
    assertThat(lifecycle.figures().snapshots()).isEqualTo(7);
    assertThat(lifecycle.figures().expiredSnapshots()).isEqualTo(20);

    lifecycle.run(NamedByState.NOTHING);
    assertThat(world.snapshots()).hasSize(3);
  }

  @Test
  void lastSnapshotOfAnAbandonedBranchCountsFromWhenTheTableWentBack() {
    world.commit();
    CommitterState fork = world.state();
    world.commit();
    Snapshot left = head();
    LifecycleWorld.pause();
    Instant before = Instant.now();
    world.restore(fork);
    world.commit();

    world.clock.now = before.plus(WEEK.savepoints());
    run();
    assertThat(world.snapshots()).contains(left.snapshotId());

    later();
    run();
    assertThat(world.snapshots()).doesNotContain(left.snapshotId());
    assertThat(world.stored()).isEqualTo(world.named());
    assertThat(world.warehouse.ids()).containsExactly("e0", "e2");
  }

  @Test
  void icebergsOwnAgeExpiresNothing() {
    world.table().updateProperties().set("history.expire.max-snapshot-age-ms", "1").commit();
    Link kept = world.commit();
    Snapshot snapshot = head();
    world.commit();
    world.commit();
    LifecycleWorld.pause();
    later();
    world.lifecycle(WEEK).run(links(kept));

    assertThat(world.snapshots()).contains(snapshot.snapshotId());
  }

  @Test
  void mergedBlockFilesAndOldManifestsGo() {
    BlockFile one = world.file("10:02");
    BlockFile two = world.file("10:02");
    world.commit(one, two);
    world.merge(one, two);
    assertThat(world.stored()).contains(name(one.path()), name(two.path()));

    later();
    TableLifecycle lifecycle = world.lifecycle(WEEK);
    lifecycle.run(NamedByState.NOTHING);

    assertThat(world.stored())
        .isEqualTo(world.named())
        .doesNotContain(name(one.path()), name(two.path()));
    assertThat(world.warehouse.ids()).containsExactly("e0", "e1");
    assertThat(lifecycle.figures().removedFiles()).isGreaterThan(4);
  }

  @Test
  void fileThatATagNamesStaysUntilTheTagIsDropped() throws IOException {
    BlockFile day = world.file("10:02");
    world.commit(day);
    world.tag(day.batchNumber());
    world.removeBatch(day.batchNumber());
    world.restore(world.state());
    later();
    run();

    assertThat(world.warehouse.ids()).isEmpty();
    assertThat(world.stored()).isEqualTo(world.named()).contains(name(day.path()));
    assertThat(ids(world.table().snapshot("batch-" + day.batchNumber()).snapshotId()))
        .containsExactly("e0");

    world.dropTag(day.batchNumber());
    later();
    run();

    assertThat(world.stored()).isEqualTo(world.named()).doesNotContain(name(day.path()));
    assertThat(world.snapshots()).hasSizeLessThan(4);
  }

  private List<String> ids(long snapshot) throws IOException {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(world.table()).useSnapshot(snapshot).build()) {
      List<String> ids = new ArrayList<>();
      rows.forEach(row -> ids.add((String) row.getField("insert_id")));
      return ids;
    }
  }

  @Test
  void readerReadsARemovedBatchForTheLeastAge() throws IOException {
    BlockFile day = world.file("10:02");
    world.commit(day);
    long pinned = head().snapshotId();
    world.removeBatch(day.batchNumber());
    Instant left = Instant.ofEpochMilli(head().timestampMillis());
    world.commit(world.file("10:02"));
    Retention minutes = new Retention(SHORT, Duration.ofHours(1));

    world.clock.now = left.plus(Duration.ofMinutes(59));
    world.lifecycle(minutes).run(NamedByState.NOTHING);
    assertThat(ids(pinned)).containsExactly("e0");

    world.clock.now = left.plus(Duration.ofMinutes(61));
    world.lifecycle(minutes).run(NamedByState.NOTHING);
    assertThat(world.stored()).isEqualTo(world.named()).doesNotContain(name(day.path()));
  }

  @Test
  void fileThatTheStateNamesStays() {
    BlockFile one = world.file("10:02");
    world.commit(one);
    world.merge(one);
    later();
    world.clock.now = world.clock.now.plus(Duration.ofDays(1));
    NamedByState state = new NamedByState(Set.of(), Set.of("file:" + one.path()));
    world.lifecycle(WEEK).run(state);

    assertThat(world.stored()).contains(name(one.path()));
    run();
    assertThat(world.stored()).doesNotContain(name(one.path()));
  }

  @Test
  void filesOfACrashBetweenExpiryAndRemovalGoADayLater() {
    BlockFile one = world.file("10:02");
    world.commit(one);
    world.merge(one);
    later();
    world.lifecycle(WEEK).step(NamedByState.NOTHING);
    assertThat(world.named()).doesNotContain(name(one.path()));

    run();
    assertThat(world.stored()).contains(name(one.path()));
    world.clock.now = world.clock.now.plus(Duration.ofDays(1));
    run();

    assertThat(world.stored()).isEqualTo(world.named()).doesNotContain(name(one.path()));
    assertThat(world.warehouse.ids()).containsExactly("e0");
  }

  @Test
  void orphansAndEmptyFoldersGoButNothingElse() throws IOException {
    BlockFile orphan = world.file("10:02");
    BlockFile pending = world.file("10:02");
    world.commit();
    Path batch = Path.of(orphan.path()).getParent();
    Path empty = Files.createDirectory(batch.resolveSibling("batch_number=3"));
    Path note = Files.writeString(world.location().resolve("metadata/note.txt"), "a user's");
    Files.writeString(world.location().resolve("metadata/v999999.gz.metadata.json.bak"), "");
    Path version = Files.writeString(world.location().resolve("metadata/v0.metadata.json"), "old");
    later();
    world.clock.now = world.clock.now.plus(Duration.ofDays(1));
    Files.setLastModifiedTime(note, FileTime.fromMillis(0));
    world.lifecycle(WEEK).run(new NamedByState(Set.of(), Set.of(pending.path())));

    Set<String> expected = new TreeSet<>(world.named());
    expected.add(name(pending.path()));
    assertThat(world.stored()).isEqualTo(expected);
    assertThat(List.of(empty, version)).noneMatch(Files::exists);
    assertThat(world.location().resolve("metadata"))
        .isDirectoryContaining("glob:**note.txt")
        .isDirectoryContaining("glob:**version-hint.text")
        .isDirectoryContaining("glob:**nova-commit.lock")
        .isDirectoryContaining("glob:**.bak");
    assertThat(world.warehouse.ids()).containsExactly("e2");
  }

  @Test
  void youngOrphanStays() {
    BlockFile orphan = world.file("10:02");
    world.commit();
    later();
    run();

    assertThat(world.stored()).contains(name(orphan.path()));
  }

  @Test
  void oldFilesOfRetainedSnapshotsAreNoOrphans() {
    BlockFile one = world.file("10:02");
    Link link = world.commit(one);
    world.merge(one);
    later();
    world.clock.now = world.clock.now.plus(Duration.ofDays(1));
    world.lifecycle(WEEK).run(links(link));

    assertThat(world.stored()).isEqualTo(world.named()).contains(name(one.path()));
  }

  @Test
  void writerOfAnEarlierGenerationExpiresNothing() {
    world.commit();
    world.commit();
    TableLifecycle zombie = world.lifecycle(WEEK);
    world.restore(world.state());
    Set<Long> snapshots = world.snapshots();
    later();

    assertThatIllegalStateException()
        .isThrownBy(() -> zombie.run(NamedByState.NOTHING))
        .withMessageContaining("second writer");

    assertThat(world.snapshots()).isEqualTo(snapshots);
  }

  @Test
  void writerOfAnEarlierGenerationRemovesNothing() {
    BlockFile one = world.file("10:02");
    world.commit(one);
    world.merge(one);
    TableLifecycle zombie = world.lifecycle(WEEK);
    later();
    zombie.step(NamedByState.NOTHING);
    world.restore(world.state());
    Set<String> stored = world.stored();

    assertThatIllegalStateException()
        .isThrownBy(() -> zombie.step(NamedByState.NOTHING))
        .withMessageContaining("second writer");

    assertThat(world.stored()).isEqualTo(stored).contains(name(one.path()));
  }

  @Test
  void filesOfALinkThatWasTakenBackAndAppliedAgainStay() {
    world.commit();
    BlockFile shared = world.file("10:07");
    world.draft.add(shared);
    Link unapplied = world.draft.draw(world.chain.generation(), new Tally());
    CommitterState state = world.state(unapplied);
    world.draft.takeBack(unapplied);
    world.commit();
    LifecycleWorld.pause();
    world.restore(state);
    LifecycleWorld.pause();
    world.commit();
    Snapshot marker =
        StreamSupport.stream(world.table().snapshots().spliterator(), false)
            .filter(snapshot -> "MARKER".equals(snapshot.summary().get("nova.step")))
            .findFirst()
            .orElseThrow();

    world.clock.now = Instant.ofEpochMilli(marker.timestampMillis() + 1).plus(WEEK.savepoints());
    run();

    assertThat(world.stored()).contains(name(shared.path()));
    assertThat(world.warehouse.ids()).hasSize(3);
  }

  @Test
  void zombieRemovesNoOrphans() {
    BlockFile orphan = world.file("10:02");
    world.commit();
    TableLifecycle zombie = world.lifecycle(WEEK);
    world.clock.now = Instant.now().plus(Duration.ofDays(9));
    while (!zombie.step(NamedByState.NOTHING) || zombie.figures().removedFiles() == 0) {
      // Up to its first removal.
    }
    world.restore(world.state());

    assertThatIllegalStateException().isThrownBy(() -> zombie.run(NamedByState.NOTHING));

    assertThat(world.stored()).contains(name(orphan.path()));
  }

  @Test
  void dryRunListsWhatARunRemovesAndChangesNothing() throws IOException {
    BlockFile one = world.file("10:02");
    BlockFile orphan = world.file("10:02");
    world.commit(one);
    world.merge(one);
    for (int link = 0; link < 25; link++) {
      world.commit();
    }
    Files.setLastModifiedTime(
        Path.of(orphan.path()), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    later();
    Set<Long> snapshots = world.snapshots();
    Set<String> stored = world.stored();

    RemovalPlan plan =
        TableLifecycle.dryRun(world.events, WEEK, NamedByState.NOTHING, world.clock.instant());

    assertThat(world.snapshots()).isEqualTo(snapshots);
    assertThat(world.stored()).isEqualTo(stored);
    assertThat(plan.snapshots()).hasSize(28 - 1);
    assertThat(plan.orphans())
        .extracting(LifecycleWorld::name)
        .containsExactly(name(orphan.path()));
    Set<String> expected = new TreeSet<>(stored);
    plan.files().forEach(file -> expected.remove(name(file)));
    plan.orphans().forEach(file -> expected.remove(name(file)));
    run();
    Set<String> left = world.stored();
    left.retainAll(stored);
    assertThat(left).isEqualTo(expected);
  }

  @Test
  void announcementsOfFinishedGenerationsGo() throws IOException {
    world.commit();
    Path live = world.location().resolve("live");
    Path other = old(live.resolve("finished/0.json"));
    Path own = old(live.resolve(world.chain.generation() + "/0.json"));
    Path served = old(live.resolve("served/finished-0-1.json"));
    run();

    assertThat(other.getParent()).doesNotExist();
    assertThat(List.of(own, served)).allMatch(Files::exists);
  }

  private static Path old(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
    FileTime twoHoursAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(file, twoHoursAgo);
    Files.setLastModifiedTime(file.getParent(), twoHoursAgo);
    return file;
  }

  @Test
  void expiryIsAChangeOfTheChainAfterWhichTheNextLinkApplies() {
    world.commit();
    world.commit();
    Link pending = world.commit();
    CommitterState state = world.state(pending);
    later();
    run();
    world.commit();

    assertThat(world.warehouse.ids()).containsExactly("e0", "e1", "e2", "e3");
    CommitChain resumed =
        CommitChain.resume(world.warehouse.open(), UUID.randomUUID().toString(), state);
    assertThat(resumed.head()).isEqualTo(pending.uuid());
    assertThat(head().summary()).containsEntry("nova.step", Step.MARKER.name());
    assertThat(world.warehouse.ids()).containsExactly("e0", "e1", "e2");
  }

  @Test
  void chunkReplacesBlockFilesAfterAnExpiry() {
    BlockFile file = world.file("10:02");
    world.commit();
    world.commit(file);
    later();
    run();
    world.merge(file);

    assertThat(world.warehouse.ids()).containsExactly("e0", "e1");
  }
}
