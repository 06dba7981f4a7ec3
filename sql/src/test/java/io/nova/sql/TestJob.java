package io.nova.sql;

import io.nova.event.Micros;
import io.nova.event.Tally;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.HandoffResult;
import io.nova.iceberg.commit.RequestPosition;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.live.server.LiveServer;
import io.nova.live.server.LiveServerOptions;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.BlockView;
import io.nova.shard.Decision;
import io.nova.shard.HeapShardState;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;

/**
 * A job of two subtasks with two shards each, whose steps the test calls. Shards, live servers,
 * block files, chunks and commits are real. Used by one thread.
 */
public final class TestJob implements AutoCloseable {
  public static final String TOKEN = "a token";
  private static final int SHARDS = 4;
  private static final int SUBTASKS = 2;
  private static final BlockRules RULES = BlockRules.DEFAULT;

  private final CatalogAddress catalog;
  private final String announcedToken;
  private final EventTable table;
  private final List<Shard> shards = new ArrayList<>();
  private final List<LiveServer> servers = new ArrayList<>();
  private final List<BlockFile> sealed = new ArrayList<>();
  private final List<BlockFile> uncommitted = new ArrayList<>();
  private final List<BlockFile> unmerged = new ArrayList<>();
  private final DataWriter<Record> rowWriter = DataWriter.create(EventSchema.avro());
  private CommitChain chain;
  private Draft draft;
  private long drawn;
  private long requests;
  private List<Behind> behind = List.of();
  private final List<HeapShardState> states = new ArrayList<>();
  private final Map<Integer, Long> readTo = new HashMap<>();
  private final List<Checkpointed> notified = new ArrayList<>();
  private Ancestry restored = Ancestry.NONE;
  private Checkpoint last;

  /** The state in a checkpoint. */
  record Checkpoint(
      Checkpointed reach,
      List<HeapShardState> states,
      CommitterState committer,
      List<BlockFile> unmerged) {}

  /** A job on a new table. */
  public TestJob(Path folder) {
    this(folder, "");
  }

  TestJob(Path folder, String announcedToken) {
    this(CatalogAddress.hadoop(folder.toString()), announcedToken);
  }

  /** A job on a new table of any catalog. */
  TestJob(CatalogAddress catalog, String announcedToken) {
    this.catalog = catalog;
    this.announcedToken = announcedToken;
    TableRules rules =
        new TableRules(SHARDS, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw());
    this.table = EventTable.findOrCreate(catalog, rules);
    for (int shard = 0; shard < SHARDS; shard++) {
      states.add(new HeapShardState());
      shards.add(shard(shard));
    }
    for (int subtask = 0; subtask < SUBTASKS; subtask++) {
      notified.add(reach(0));
    }
    this.chain = CommitChain.begin(table, UUID.randomUUID().toString());
    this.draft = Draft.first(chain.head(), SHARDS);
    try {
      for (int subtask = 0; subtask < SUBTASKS; subtask++) {
        LiveServerOptions options =
            LiveServerOptions.of("127.0.0.1", 0, 0, TOKEN, Optional.empty());
        servers.add(
            LiveServer.start(
                options, (shard, id) -> CompletableFuture.completedFuture(null), view -> {}));
        announce(subtask, announcedToken);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    publish();
  }

  private Shard shard(int number) {
    return new Shard(number, RULES, states.get(number), new ColdCache(1 << 20));
  }

  private Checkpointed reach(long id) {
    Map<Integer, Long> sequences = new HashMap<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      sequences.put(shard, shards.get(shard).sequence());
    }
    Ancestry ancestry =
        id == 0 ? restored : restored.with(new RunCheckpoint(chain.generation(), id));
    return new Checkpointed(id, readTo, sequences, ancestry);
  }

  private void announce(int subtask, String token) throws IOException {
    announcements()
        .write(
            new Announcement(
                1,
                chain.generation(),
                subtask,
                0,
                "127.0.0.1",
                servers.get(subtask).port(),
                false,
                token,
                false,
                ends(subtask)));
  }

  private Announcements announcements() {
    return new Announcements(table.iceberg().location(), Storage.configuration());
  }

  /** The folder of the warehouse. */
  public String location() {
    return catalog.warehouse();
  }

  /** The table of the committer. */
  public EventTable table() {
    return table;
  }

  /** The table with its newest metadata. */
  public Table iceberg() {
    table.iceberg().refresh();
    return table.iceberg();
  }

  /** Offers each row to its shard, modulo the number of shards, and publishes new views. */
  public void admit(List<Record> rows) {
    rows.forEach(row -> offer(row, drawn++));
    publish();
  }

  /** Offers a row without publishing a view. Rows with the same identity are copies. */
  public void admitUnseen(Record row, long identity) {
    offer(row, identity);
  }

  private void offer(Record row, long identity) {
    int shard = (Integer) row.getField("shard") % SHARDS;
    row.setField("shard", shard);
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, TestEvents.uploadTime(row));
    Decision unused = shards.get(shard).offer(identity, identity, micros, encoded(row));
    readTo.merge(
        (Integer) row.getField("kafka_partition"),
        (Long) row.getField("kafka_offset"),
        (before, offset) -> Math.max(before, offset));
  }

  private byte[] encoded(Record row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      rowWriter.write(row, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Seals all open blocks into block files, without a commit. */
  public void seal() {
    BlockFileWriter writer =
        new BlockFileWriter(Storage.configuration(), table.dataFolder(), RULES);
    for (int subtask = 0; subtask < SUBTASKS; subtask++) {
      List<Shard> own = of(subtask);
      List<Long> intervals =
          own.stream().flatMap(s -> s.openIntervals().stream()).distinct().toList();
      for (long interval : intervals) {
        List<SealedBlock> blocks =
            own.stream()
                .filter(shard -> shard.openIntervals().contains(interval))
                .map(shard -> shard.seal(interval))
                .toList();
        long batch = table.rules().batchOf(RULES.startMicros(interval));
        BlockFile file = writer.write(interval, batch, blocks);
        sealed.add(file);
        uncommitted.add(file);
        draft.add(file);
      }
    }
    publish();
  }

  /** Commits the block files. Views still name them until {@link #seeTable}. */
  public void commit() {
    unmerged.addAll(uncommitted);
    uncommitted.clear();
    chain.apply(draft.draw(chain.generation(), new Tally()));
  }

  /** The subtasks read the table, and their views no longer name committed files. */
  public void seeTable() {
    sealed.retainAll(uncommitted);
    publish();
  }

  /** Merges all committed block files into one chunk for each batch. */
  public void merge() {
    if (unmerged.isEmpty()) {
      return;
    }
    ChunkWriter writer = new ChunkWriter(Storage.configuration(), table.dataFolder(), 1 << 20);
    for (long batch : unmerged.stream().map(BlockFile::batchNumber).distinct().toList()) {
      List<BlockFile> files =
          unmerged.stream().filter(file -> file.batchNumber() == batch).toList();
      draft.add(writer.merge(batch, files));
    }
    unmerged.clear();
    chain.apply(draft.draw(chain.generation(), new Tally()));
  }

  /** Closes all batches up to one: merges their files, and makes the tags. */
  public void closeUpTo(long batch, String by) {
    seal();
    commit();
    merge();
    seeTable();
    draft.close(batch, by);
    for (int shard = 0; shard < SHARDS; shard++) {
      draft.sealed(shard, batch);
    }
    chain.apply(draft.draw(chain.generation(), new Tally(), Map.of()));
  }

  /** Completes a closed batch at a time, as the batch layer asks. */
  public HandoffResult completeClosed(long batch, Instant now) {
    String link = chain.closed().link(batch).orElseThrow();
    return new TableHandoff(chain).complete(batch, link, null, nextRequest(), "etl", now);
  }

  /** Takes the last completion back. */
  public HandoffResult withdraw(long batch, Instant now) {
    return new TableHandoff(chain).withdraw(batch, nextRequest(), "bob", now);
  }

  /** Removes the files of completed batches, as the hourly task does. */
  public void removeCompleted(Instant now) {
    new TableHandoff(chain).remove(now, Duration.ZERO);
  }

  private RequestPosition nextRequest() {
    return new RequestPosition("topic", requests++);
  }

  /** Marks a batch and those before it as completed. Their rows stay. */
  public void complete(long batch) {
    TestHandoff.complete(iceberg(), batch);
  }

  /** Removes the files of a batch, as the hourly task does. */
  public void remove(long batch) {
    TestHandoff.remove(iceberg(), batch);
  }

  /** The state of its committer in a savepoint. */
  CommitterState savepoint() {
    return draft.state(chain.head(), List.of());
  }

  /** Restores the committer from a savepoint, in a new generation. The servers do not change. */
  void restoreCommitter(CommitterState state) {
    chain = CommitChain.resume(table, UUID.randomUUID().toString(), state);
    draft = Draft.after(state);
  }

  /** Completes a checkpoint, without a notification of the subtasks. */
  public void checkpoint() {
    if (!draft.isEmpty()) {
      commit();
    }
    shards.forEach(Shard::flush);
    last =
        new Checkpoint(
            reach(last == null ? 1 : last.reach.id() + 1),
            states.stream().map(HeapShardState::copy).toList(),
            savepoint(),
            List.copyOf(unmerged));
  }

  /** Notifies a subtask of the last checkpoint, which its view then reports. */
  public void notifyCheckpoint(int subtask) {
    if (last != null) {
      notified.set(subtask, last.reach);
      publish(subtask);
    }
  }

  /** By partition, the last offset that the last checkpoint had read. */
  public Map<Integer, Long> checkpointedTo() {
    return last.reach.readTo();
  }

  Checkpoint lastCheckpoint() {
    return last;
  }

  /** Restores the job from the last checkpoint, in a new generation. */
  public void restart() {
    restart(last);
  }

  /** Restores the job from any checkpoint, in a new generation. */
  void restart(Checkpoint from) {
    last = from;
    readTo.clear();
    readTo.putAll(last.reach.readTo());
    for (int shard = 0; shard < SHARDS; shard++) {
      states.set(shard, last.states.get(shard).copy());
      shards.set(shard, shard(shard));
    }
    sealed.clear();
    uncommitted.clear();
    unmerged.clear();
    unmerged.addAll(last.unmerged);
    restoreCommitter(last.committer);
    restored = last.reach.ancestry();
    try {
      for (int subtask = 0; subtask < SUBTASKS; subtask++) {
        notified.set(subtask, reach(0));
        announce(subtask, announcedToken);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    publish();
  }

  /** The views report that earlier answers showed offsets that are not read yet. */
  void fallBehind(List<Behind> partitions) {
    behind = partitions;
    publish();
  }

  /** Stops the server of a subtask, as the loss of its TaskManager does. */
  public void kill(int subtask) {
    servers.get(subtask).close();
  }

  /** The number of leases that clients hold. */
  public int leases() {
    return servers.stream().mapToInt(LiveServer::leases).sum();
  }

  private List<Shard> of(int subtask) {
    return shards.subList(2 * subtask, 2 * subtask + 2);
  }

  private List<ShardEnd> ends(int subtask) {
    ArrayList<ShardEnd> ends = new ArrayList<>();
    for (int shard = 2 * subtask; shard < 2 * subtask + 2; shard++) {
      long upTo = shards.get(shard).sequence();
      long first = upTo + 1;
      for (BlockFile file : sealed) {
        for (BlockFile.Block block : file.blocks()) {
          first = block.shard() == shard ? Math.min(first, block.sequence()) : first;
        }
      }
      ends.add(new ShardEnd(shard, first - 1, upTo));
    }
    return ends;
  }

  private void publish() {
    for (int subtask = 0; subtask < SUBTASKS; subtask++) {
      publish(subtask);
    }
  }

  private void publish(int subtask) {
    int first = 2 * subtask;
    List<BlockView> open =
        of(subtask).stream().flatMap(shard -> shard.openViews().stream()).toList();
    List<BlockFile> files =
        sealed.stream().filter(file -> file.blocks().get(0).shard() / 2 * 2 == first).toList();
    servers
        .get(subtask)
        .publish(
            new SubtaskView(
                chain.generation(),
                ends(subtask),
                open,
                files,
                List.of(new Newest(first, 3, 1_000_000L, Micros.UNKNOWN)),
                Map.of(),
                behind,
                notified.get(subtask)));
  }

  @Override
  public void close() {
    servers.forEach(LiveServer::close);
  }
}
