package io.nova.sql;

import io.nova.event.Tally;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.live.server.LiveServer;
import io.nova.live.server.LiveServerOptions;
import io.nova.shard.Admission;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.BlockView;
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
 * A job of two subtasks with two shards each, by hand: real shards, live servers, block files,
 * chunks and commits, each step when the test says so. Not thread safe.
 */
public final class TestJob implements AutoCloseable {
  public static final String TOKEN = "a token";
  private static final int SHARDS = 4;
  private static final int SUBTASKS = 2;
  private static final BlockRules RULES = BlockRules.DEFAULT;

  private final String warehouse;
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
  private List<Behind> behind = List.of();
  private final List<HeapShardState> states = new ArrayList<>();
  private final Map<Integer, Long> readTo = new HashMap<>();
  private final List<Checkpointed> told = new ArrayList<>();
  private Ancestry restored = Ancestry.NONE;
  private Checkpoint last;

  /** What a checkpoint keeps. */
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
    this.warehouse = folder.toString();
    this.announcedToken = announcedToken;
    TableRules rules =
        new TableRules(SHARDS, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw());
    this.table = EventTable.findOrCreate(warehouse, rules);
    for (int shard = 0; shard < SHARDS; shard++) {
      states.add(new HeapShardState());
      shards.add(shard(shard));
    }
    for (int subtask = 0; subtask < SUBTASKS; subtask++) {
      told.add(reach(0));
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

  /** The warehouse. */
  public String location() {
    return warehouse;
  }

  /** The table as it is now. */
  public Table iceberg() {
    table.iceberg().refresh();
    return table.iceberg();
  }

  /** Offers rows, each to the shard that it names modulo their number, and shows them. */
  void admit(List<Record> rows) {
    rows.forEach(row -> offer(row, drawn++));
    publish();
  }

  /** Offers a row, of which others of the same identity are copies, and does not show it yet. */
  public void admitUnseen(Record row, long identity) {
    offer(row, identity);
  }

  private void offer(Record row, long identity) {
    int shard = (Integer) row.getField("shard") % SHARDS;
    row.setField("shard", shard);
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, TestEvents.uploadTime(row));
    Admission unused = shards.get(shard).offer(identity, identity, micros, encoded(row));
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

  /** Seals all open blocks into files, which no snapshot holds yet. */
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

  /** Commits the sealed files; the views go on naming them until {@link #seeTable}. */
  public void commit() {
    unmerged.addAll(uncommitted);
    uncommitted.clear();
    chain.apply(draft.draw(chain.generation(), new Tally()));
  }

  /** The subtasks see that the table holds the sealed files. */
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

  /** What its committer would keep in a savepoint. */
  CommitterState savepoint() {
    return draft.state(chain.head(), List.of());
  }

  /** A committer starts from a savepoint, in a new generation. The servers stay as they are. */
  void restoreCommitter(CommitterState state) {
    chain = CommitChain.resume(table, UUID.randomUUID().toString(), state);
    draft = Draft.after(state);
  }

  /** Completes a checkpoint, of which no subtask hears yet. */
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

  /** A subtask hears of the last checkpoint, and shows that. */
  public void tell(int subtask) {
    if (last != null) {
      told.set(subtask, last.reach);
      publish(subtask);
    }
  }

  /** How far the last checkpoint had read each partition. */
  public Map<Integer, Long> checkpointedTo() {
    return last.reach.readTo();
  }

  Checkpoint lastCheckpoint() {
    return last;
  }

  /** The job fails and starts from the last checkpoint, in a new generation. */
  public void restart() {
    restart(last);
  }

  /** The job starts from a checkpoint, perhaps an older one. */
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
        told.set(subtask, reach(0));
        announce(subtask, announcedToken);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    publish();
  }

  /** Says that answers were given beyond what has been read. */
  void fallBehind(List<Behind> partitions) {
    behind = partitions;
    publish();
  }

  /** A subtask's server goes away, as with its TaskManager. */
  public void kill(int subtask) {
    servers.get(subtask).close();
  }

  int leases() {
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
                List.of(new Newest(first, 3, 1_000_000L, Long.MIN_VALUE)),
                Map.of(),
                behind,
                told.get(subtask)));
  }

  @Override
  public void close() {
    servers.forEach(LiveServer::close);
  }
}
