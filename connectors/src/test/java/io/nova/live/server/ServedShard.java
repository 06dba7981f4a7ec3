package io.nova.live.server;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.Storage;
import io.nova.live.client.LiveClient;
import io.nova.live.client.LiveRows;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockRules;
import io.nova.shard.BlockView;
import io.nova.shard.HeapShardState;
import io.nova.shard.Shard;
import io.nova.shard.ShardState.SegmentId;
import io.nova.shard.fingerprint.ColdCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/** A shard with random rows, a live server for it, and the rows as a plain list. */
public final class ServedShard implements AutoCloseable {
  public static final String TOKEN = "secret";
  static final String RUN = "run-1";
  static final int SHARD = 3;

  final HeapShardState state = new HeapShardState();
  final Shard shard = new Shard(SHARD, BlockRules.DEFAULT, state, new ColdCache(1 << 20));
  public final LiveServer server;
  final LiveClient client;
  public final List<GenericRecord> rows = new ArrayList<>();
  private final Optional<SSLContext> tls;
  final AtomicInteger fetches = new AtomicInteger();
  volatile PositionRecorder positions = view -> {};
  private final Random random = new Random(7);

  ServedShard() throws IOException {
    this(options());
  }

  public ServedShard(LiveServerOptions options) throws IOException {
    tls = options.tls();
    server = LiveServer.start(options, this::fetch, view -> positions.record(view));
    client = new LiveClient(tls, TOKEN, options.stalled());
  }

  static LiveServerOptions options() {
    return LiveServerOptions.of("127.0.0.1", 0, 0, TOKEN, Optional.empty());
  }

  private CompletableFuture<byte[]> fetch(int number, SegmentId id) {
    fetches.incrementAndGet();
    return CompletableFuture.supplyAsync(
        () -> {
          synchronized (state) {
            return state.segment(id);
          }
        });
  }

  /** Admits {@code count} random rows of one block. */
  public void admit(int count) {
    synchronized (state) {
      for (int i = 0; i < count; i++) {
        GenericRecord row = row(rows.size());
        rows.add(row);
        shard.offer(random.nextLong(), random.nextLong(), 0, encoded(row));
      }
    }
  }

  void seal() {
    synchronized (state) {
      shard.openIntervals().forEach(shard::seal);
    }
  }

  /** Seals the open block into a file, after rows of a block of another shard. */
  void sealInto(Path folder) {
    synchronized (state) {
      Shard other =
          new Shard(SHARD - 1, BlockRules.DEFAULT, new HeapShardState(), new ColdCache(1 << 20));
      for (int i = 0; i < 1_000; i++) {
        other.offer(i, i, 0, encoded(row(i)));
      }
      long interval = shard.openIntervals().get(0);
      server.sealed(
          interval,
          new BlockFileWriter(Storage.configuration(), folder.toString(), BlockRules.DEFAULT)
              .write(interval, 0, List.of(other.seal(interval), shard.seal(interval))));
    }
  }

  void spill() {
    synchronized (state) {
      shard.spill();
    }
  }

  SubtaskView view() {
    return view(shard.openViews());
  }

  SubtaskView view(List<BlockView> open) {
    ShardEnd end = new ShardEnd(SHARD, shard.sequence(), shard.sequence());
    return new SubtaskView(
        RUN, List.of(end), open, List.of(), List.of(), Map.of(), List.of(), Checkpointed.NOTHING);
  }

  public void publish() {
    server.publish(view());
  }

  public Announcement announcement() {
    return announcement(TOKEN);
  }

  Announcement announcement(String token) {
    return new Announcement(
        1,
        RUN,
        0,
        0,
        "127.0.0.1",
        server.port(),
        tls.isPresent(),
        token,
        false,
        List.of(new ShardEnd(SHARD, 0, 0)));
  }

  public PinnedView pin() throws IOException {
    return client.pin(announcement());
  }

  /** Reads rows under a lease, each as a list of values. */
  public List<List<Object>> ask(PinnedView pinned, List<Integer> columns, String filter, long limit)
      throws IOException {
    RowsRequest request = new RowsRequest(pinned.lease(), List.of(SHARD), columns, filter, limit);
    try (LiveRows answer = client.rows(announcement(), request)) {
      List<List<Object>> all = new ArrayList<>();
      for (IndexedRecord row = answer.next(); row != null; row = answer.next()) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          values.add(plain(row.get(i)));
        }
        all.add(values);
      }
      return all;
    }
  }

  public List<List<Object>> all(PinnedView pinned) throws IOException {
    return ask(pinned, allColumns(), "true", Long.MAX_VALUE);
  }

  public static List<Integer> allColumns() {
    List<Integer> all = new ArrayList<>();
    EventSchema.avro().getFields().forEach(f -> all.add((Integer) f.getObjectProp("field-id")));
    return all;
  }

  /** The values of these columns in the plain list. */
  public static List<List<Object>> columns(List<GenericRecord> rows, List<Integer> columns) {
    List<List<Object>> all = new ArrayList<>();
    for (GenericRecord row : rows) {
      List<Object> values = new ArrayList<>();
      columns.forEach(id -> values.add(plain(row.get(id - 1))));
      all.add(values);
    }
    return all;
  }

  private static Object plain(Object value) {
    return value instanceof CharSequence text ? text.toString() : value;
  }

  private GenericRecord row(int number) {
    GenericRecord row = new GenericData.Record(EventSchema.avro());
    for (Schema.Field field : EventSchema.avro().getFields()) {
      boolean optional = field.schema().isUnion();
      Schema type = optional ? field.schema().getTypes().get(1) : field.schema();
      row.put(field.pos(), optional && random.nextInt(3) == 0 ? null : value(type.getType()));
    }
    row.put(EventSchema.KAFKA_OFFSET, (long) number);
    row.put("server_upload_time", 0L);
    return row;
  }

  private Object value(Schema.Type type) {
    return switch (type) {
      case INT -> random.nextInt(10) - 5;
      case LONG -> random.nextBoolean() ? random.nextLong() : random.nextInt(200) - 100L;
      case DOUBLE -> random.nextGaussian();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> new Utf8(List.of("", "é", "open", "x".repeat(200)).get(random.nextInt(4)));
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static byte[] encoded(GenericRecord row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(EventSchema.avro()).write(row, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    server.close();
  }
}
