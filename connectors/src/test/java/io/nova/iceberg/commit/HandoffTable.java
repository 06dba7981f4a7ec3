package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** A table, the chain that writes it, and what its tags and its head say. */
final class HandoffTable {
  private Ancestry begun = Ancestry.NONE;
  private long checkpoints;

  /** When the checkpoints from now on are taken. */
  long takenAtMs;

  /** The batch of {@link #at}'s first day. */
  static final long DAY = 20777;

  static final Map<Integer, Long> OFFSETS = Map.of(0, 17L, 1, 20L);

  final NovaWarehouse warehouse;
  CommitChain chain;
  Draft draft;

  HandoffTable(String path) {
    this(CatalogAddress.hadoop(path));
  }

  HandoffTable(CatalogAddress address) {
    warehouse = new NovaWarehouse(address);
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  /** Upload time in a batch. */
  static String at(long batch) {
    return LocalDate.ofEpochDay(batch) + " 10:02:00";
  }

  /** Adds a block file of one batch to the draft. */
  BlockFile add(long batch, String... ids) {
    List<Events> events = new ArrayList<>();
    for (String id : ids) {
      events.add(Events.at(at(batch)).id(id));
    }
    BlockFile file = warehouse.write(events.toArray(Events[]::new));
    assertThat(file.batchNumber()).isEqualTo(batch);
    draft.add(file);
    return file;
  }

  /** Adds a block file and the chunk that replaces it. */
  Chunk addMerged(long batch, String... ids) {
    Chunk chunk = warehouse.merge(add(batch, ids));
    draft.add(chunk);
    return chunk;
  }

  Link draw() {
    return draft.draw(chain.generation(), new Tally(), OFFSETS);
  }

  Link commit() {
    Link link = draw();
    chain.apply(link);
    return link;
  }

  /** A link with one row, applied. */
  Link commitMerged(long batch, String id) {
    addMerged(batch, id);
    return commit();
  }

  /** The link that closes the batches up to one, not applied. */
  Link drawClose(long batch) {
    checkpoint();
    draft.close(batch, "ops");
    for (int shard = 0; shard < NovaWarehouse.RULES.shards(); shard++) {
      draft.sealed(shard, batch);
    }
    Link link = draw();
    assertThat(link.closes()).isEqualTo(new CloseOrder(batch, "ops"));
    return link;
  }

  Link close(long batch) {
    Link link = drawClose(batch);
    chain.apply(link);
    return link;
  }

  /** A batch with one row, closed. */
  Link closeWith(long batch, String id) {
    addMerged(batch, id);
    return close(batch);
  }

  private void checkpoint() {
    draft.takenBy(begun.with(new RunCheckpoint(chain.generation(), ++checkpoints)), takenAtMs);
  }

  CommitterState state(Link... pending) {
    checkpoint();
    return CommitterState.read(draft.state(chain.head(), List.of(pending)).write());
  }

  /** Starts a new generation from a state, which writes from now on. Returns the former chain. */
  CommitChain restore(CommitterState state) {
    CommitChain former = chain;
    chain = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
    draft = Draft.after(state);
    draft.handOff(chain.handedOff());
    begun = state.lineage();
    return former;
  }

  TableHandoff handoff() {
    return new TableHandoff(chain);
  }

  Table table() {
    return warehouse.open().iceberg();
  }

  Snapshot head() {
    return table().currentSnapshot();
  }

  HandoffProperties properties() {
    return HandoffProperties.of(table().properties());
  }

  /** The side snapshot of a batch's tag. */
  Snapshot tag(long batch) {
    Table table = table();
    return table.snapshot(table.refs().get(BatchTags.name(batch)).snapshotId());
  }

  /** The batches that have a tag. */
  List<Long> tags() {
    return table().refs().keySet().stream()
        .filter(name -> name.startsWith("batch-"))
        .map(name -> Long.valueOf(name.substring("batch-".length())))
        .sorted()
        .toList();
  }

  /** The insert ids of the rows that the tag of a batch names, sorted. */
  List<String> tagged(long batch) {
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table()).useSnapshot(tag(batch).snapshotId()).build()) {
      rows.forEach(row -> ids.add((String) row.getField("insert_id")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ids.sort(null);
    return ids;
  }

  /** The list of closed batches in the head. */
  List<ClosedBatch> closedInHead() {
    return ClosedBatches.of(head()).batches();
  }
}
