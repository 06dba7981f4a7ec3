package io.nova.bench.live;

import com.sun.management.OperatingSystemMXBean;
import io.nova.bench.day.ExportRecords;
import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowEncoder;
import io.nova.live.client.LiveClient;
import io.nova.live.client.LiveRows;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.live.server.LiveServer;
import io.nova.live.server.LiveServerOptions;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A benchmark of the cost of a live row for server and client together, from the open block to the
 * decoded row. The peer is Avro's resolving reader: it decodes three columns of the same rows in
 * memory, without decompression, network or output.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class LiveServerBenchmark {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int ROWS = 200_000;
  private static final int EVENT_TYPES = 20;
  private static final List<String> THREE = List.of("app", "event_type", "event_time");
  private static final Expression ALL = Expressions.alwaysTrue();
  private static final Expression ONE_TYPE = Expressions.equal("event_type", "type 7");

  private final List<byte[]> encoded = new ArrayList<>();
  private final LiveClient client = new LiveClient(Optional.empty(), "", Duration.ofSeconds(60));
  private LiveServer server;
  private Announcement subtask;
  private String lease;
  private long looked;
  private long cpuNanos;

  /** Fills a shard and serves it. */
  @Setup
  public void serve() throws IOException {
    Shard shard = new Shard(0, BlockRules.DEFAULT, new HeapShardState(), new ColdCache(1 << 20));
    EventParser parser = new EventParser();
    RowEncoder encoder = new RowEncoder();
    for (int i = 0; i < ROWS; i++) {
      Parsed.Event event = (Parsed.Event) parser.parse(message(i));
      byte[] row =
          encoder.encode(event.fields(), new RowEncoder.Placement(20514, 0, "events", 1, i));
      encoded.add(row);
      shard.offer(i * 0x9E3779B97F4A7C15L, i * 0xC2B2AE3D27D4EB4FL, 0, row);
    }
    server =
        LiveServer.start(
            LiveServerOptions.of("127.0.0.1", 0, 0, "token", Optional.empty()),
            (number, id) -> CompletableFuture.completedFuture(null),
            view -> {});
    List<ShardEnd> ends = List.of(new ShardEnd(0, 0, 0));
    server.publish(
        new SubtaskView(
            "run",
            ends,
            shard.openViews(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            Checkpointed.NOTHING));
    subtask =
        new Announcement(1, "run", 0, 0, "127.0.0.1", server.port(), false, "token", false, ends);
    lease = client.pin(subtask).lease();
  }

  private static byte[] message(int number) {
    return ExportRecords.typical()
        .replace(
            "6f1c2a0e-9d1b-4c55-8f0a-1d2e3f405162",
            new UUID(number * 0x9E3779B97F4A7C15L, number).toString())
        .replace("user-102934", "user-" + number % 50_000)
        .replace("918273645546", Long.toString(918_273_645_546L + number % 50_000))
        .replace("Add to Cart", "type " + number % EVENT_TYPES)
        .replace("10:02:11.123", "10:02:11." + (100 + number % 900))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the CPU time of the process. */
  @Setup(Level.Iteration)
  public void begin() {
    looked = 0;
    cpuNanos = PROCESS.getProcessCpuTime();
  }

  /**
   * Prints the CPU time of all threads per row: other processes disturb it less than elapsed time.
   */
  @TearDown(Level.Iteration)
  public void printCpu() {
    if (looked > 0) {
      System.out.printf(
          Locale.ROOT, "CPU %d ns/row, ", (PROCESS.getProcessCpuTime() - cpuNanos) / looked);
    }
  }

  /** Stops the server. */
  @TearDown
  public void stop() {
    server.close();
  }

  private static List<Integer> ids(Stream<String> columns) {
    return columns
        .map(c -> (Integer) EventSchema.avro().getField(c).getObjectProp("field-id"))
        .toList();
  }

  private long ask(List<Integer> columns, Expression filter, long expected) throws IOException {
    RowsRequest request = RowsRequest.of(lease, List.of(0), columns, filter, Long.MAX_VALUE);
    looked += ROWS;
    long rows = 0;
    try (LiveRows answer = client.rows(subtask, request)) {
      while (answer.next() != null) {
        rows++;
      }
    }
    if (rows != expected) {
      throw new IllegalStateException(rows + " rows came, " + expected + " were expected");
    }
    return rows;
  }

  /** The peer: Avro decodes three columns in memory. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long avroInPlace() throws IOException {
    Schema three =
        Schema.createRecord(
            "event",
            null,
            "io.nova",
            false,
            THREE.stream()
                .map(EventSchema.avro()::getField)
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(EventSchema.avro(), three);
    BinaryDecoder decoder = null;
    GenericRecord row = null;
    looked += ROWS;
    long types = 0;
    for (byte[] bytes : encoded) {
      decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
      row = reader.read(row, decoder);
      types += row.get(1) == null ? 0 : 1;
    }
    return types;
  }

  /** Counts all rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long count() throws IOException {
    return ask(List.of(), ALL, ROWS);
  }

  /** Counts the rows of one event type in twenty. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long countOfOneType() throws IOException {
    return ask(List.of(), ONE_TYPE, ROWS / EVENT_TYPES);
  }

  /** Reads three columns of all rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long threeColumns() throws IOException {
    return ask(ids(THREE.stream()), ALL, ROWS);
  }

  /** Reads three columns of one event type in twenty, per row scanned. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long threeColumnsOfOneType() throws IOException {
    return ask(ids(THREE.stream()), ONE_TYPE, ROWS / EVENT_TYPES);
  }

  /** Reads all columns. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long allColumns() throws IOException {
    return ask(
        IntStream.rangeClosed(1, EventSchema.avro().getFields().size()).boxed().toList(),
        ALL,
        ROWS);
  }

  /** Pins and releases the view. */
  @Benchmark
  public PinnedView pinAndRelease() throws IOException {
    PinnedView pinned = client.pin(subtask);
    client.release(subtask, pinned.lease());
    return pinned;
  }
}
