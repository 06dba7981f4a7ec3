package io.nova.iceberg.lifecycle;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** A table on a disk with its commit chain, for tests of its lifecycle. */
final class LifecycleWorld {
  static final Retention WEEK = new Retention(Duration.ofDays(7), Duration.ofHours(1));

  final NovaWarehouse warehouse;
  final SetClock clock = new SetClock();
  EventTable events;
  CommitChain chain;
  Draft draft;

  private final Path folder;
  private int number;

  /** A clock that stands where a test sets it. */
  static final class SetClock extends Clock {
    Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  LifecycleWorld(Path folder) {
    this.folder = folder.resolve("ware house");
    warehouse = new NovaWarehouse(this.folder);
    events = warehouse.open();
    chain = CommitChain.begin(events, UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  TableLifecycle lifecycle(Retention retention) {
    return new TableLifecycle(events, chain, retention, clock);
  }

  /** Writes a block file of one event whose id is a number that counts up. */
  BlockFile file(String time) {
    return warehouse.write(Events.at(time).id("e" + number++));
  }

  /** Commits a link with a new block file. */
  Link commit() {
    return commit(file("10:02"));
  }

  Link commit(BlockFile... files) {
    for (BlockFile file : files) {
      draft.add(file);
    }
    return apply();
  }

  /** Commits the chunk of block files. */
  Link merge(BlockFile... files) {
    draft.add(warehouse.merge(files));
    return apply();
  }

  private Link apply() {
    Link link = draft.draw(chain.generation(), new Tally());
    chain.apply(link);
    return link;
  }

  CommitterState state(Link... pending) {
    return draft.state(chain.head(), List.of(pending));
  }

  /** Starts a new run of the job. */
  void restore(CommitterState state) {
    events = warehouse.open();
    chain = CommitChain.resume(events, UUID.randomUUID().toString(), state);
    draft = Draft.after(state);
  }

  /** Tags a side snapshot with the files of one batch. */
  void tag(long batch) {
    chain.change(
        Step.TAGS,
        transaction -> {
          transaction
              .newDelete()
              .deleteFromRowFilter(Expressions.notEqual("batch_number", batch))
              .stageOnly()
              .commit();
          transaction.manageSnapshots().createTag("batch-" + batch, newest(transaction)).commit();
          return true;
        });
  }

  private static long newest(Transaction transaction) {
    return StreamSupport.stream(transaction.table().snapshots().spliterator(), false)
        .max((one, other) -> Long.compare(one.sequenceNumber(), other.sequenceNumber()))
        .orElseThrow()
        .snapshotId();
  }

  void dropTag(long batch) {
    chain.change(
        Step.TAGS,
        transaction -> {
          transaction.manageSnapshots().removeTag("batch-" + batch).commit();
          return true;
        });
  }

  /** Removes the files of a batch from the head. */
  void removeBatch(long batch) {
    events
        .iceberg()
        .newDelete()
        .deleteFromRowFilter(Expressions.equal("batch_number", batch))
        .set("nova.uuid", chain.head())
        .set("nova.generation", chain.generation())
        .set("nova.step", "REMOVE")
        .commit();
  }

  Table table() {
    return warehouse.open().iceberg();
  }

  Set<Long> snapshots() {
    return StreamSupport.stream(table().snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .collect(Collectors.toSet());
  }

  /** The names of all files that any snapshot of the table names, read plainly. */
  Set<String> named() {
    Table table = table();
    Set<String> named = new TreeSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      named.add(name(snapshot.manifestListLocation()));
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        named.add(name(manifest.path()));
        named.addAll(live(table, manifest));
      }
    }
    return named;
  }

  private static Set<String> live(Table table, ManifestFile manifest) {
    Set<String> live = new TreeSet<>();
    try (CloseableIterable<String> paths =
        ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
      paths.forEach(path -> live.add(name(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return live;
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The names of all data files, manifests and manifest lists on the disk. */
  Set<String> stored() {
    return stored("avro", "parquet");
  }

  Set<String> stored(String... endings) {
    return paths().stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> Stream.of(endings).anyMatch(name::endsWith))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<Path> paths() {
    try (Stream<Path> all = Files.walk(location())) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path location() {
    return folder.resolve("nova/events");
  }

  /** Lets the clock of storage and snapshots advance. */
  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
