package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.CatalogAddress;
import io.nova.sql.TestEvents;
import io.nova.sql.TestJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** A job, the fast path over its table, and the admitted rows as a plain list. */
public final class AskedJob implements AutoCloseable {
  static final String DAY_1_EVENING = "2026-11-20T22:00:00Z";
  static final String DAY_2 = "2026-11-21T00:00:00Z";

  /** Every value that a test compares, as text. */
  private static final String VALUES =
      "kafka_partition || '/' || kafka_offset || '/' || app || '/' || insert_id || '/' || event_id"
          + " || '/' || coalesce(\"user\", '-') || '/' || coalesce(paying::VARCHAR, '-')"
          + " || '/' || coalesce(location_lat::VARCHAR, '-') || '/' || epoch_us(upload_time)"
          + " || '/' || epoch_us(event_time) || '/' || event_properties || '/' || batch_number";

  final TestJob job;
  final CutEngine engine;
  final List<Record> admitted = new ArrayList<>();
  private final TestEvents events = new TestEvents(11);

  AskedJob(Path folder) {
    this(folder, AskedJob::options);
  }

  /** How the engine is set. */
  interface Options {
    AskOptions of(Path warehouse, Path own);
  }

  AskedJob(Path folder, Options options) {
    this(folder, options, System::nanoTime);
  }

  AskedJob(Path folder, Options options, LongSupplier nanoClock) {
    job = new TestJob(folder.resolve("warehouse"));
    try {
      engine =
          new CutEngine(
              options.of(folder.resolve("warehouse"), folder.resolve("console")),
              nanoClock,
              Duration.ofMillis(100));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AskOptions options(Path warehouse, Path own) {
    return AskOptions.of(CatalogAddress.hadoop(warehouse.toString()), own)
        .withLiveToken(TestJob.TOKEN)
        .refreshing(Duration.ZERO)
        .waiting(Duration.ofMillis(300))
        .limited(512, 1);
  }

  /** A database that reads no file. The caller closes it. */
  public static AskDatabase database(Path folder) throws IOException, SQLException {
    return database(folder, 512);
  }

  /** A database with this memory limit, in MiB. */
  public static AskDatabase database(Path folder, int memoryMb) throws IOException, SQLException {
    return AskDatabase.open(options(folder, folder.resolve("own")).limited(memoryMb, 1), List.of());
  }

  List<Record> admit(String from, int count) {
    List<Record> rows = events.uploaded(from, 2, count);
    job.admit(rows);
    admitted.addAll(rows);
    return rows;
  }

  /** Admits rows of one shard and one block interval. */
  void admitAt(String upload, int count) {
    List<Record> rows = events.uploaded(upload, 1, count);
    for (Record row : rows) {
      row.setField("shard", 1);
      row.setField("server_upload_time", OffsetDateTime.parse(upload));
    }
    job.admit(rows);
    admitted.addAll(rows);
  }

  Answer ask(String sql) throws AskException {
    return ask(sql, true);
  }

  Answer ask(String sql, boolean live) throws AskException {
    return engine.ask(
        new Question(UUID.randomUUID().toString(), sql, live, 100_000, Duration.ofSeconds(60)));
  }

  @Nullable Object one(String sql) throws AskException {
    return ask(sql).rows().get(0).get(0);
  }

  /** Compares every row of a table with the list. */
  void assertRows(String table, boolean live, Predicate<Record> kept) throws AskException {
    List<String> found =
        ask("SELECT %s FROM %s".formatted(VALUES, table), live).rows().stream()
            .map(row -> String.valueOf(row.get(0)))
            .toList();
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            admitted.stream().filter(kept).map(AskedJob::text).toList());
  }

  void assertAll() throws AskException {
    assertRows("events", true, row -> true);
  }

  static long batch(Record row) {
    return (Long) row.getField("batch_number");
  }

  private static String text(Record row) {
    return String.join(
        "/",
        row.getField("kafka_partition").toString(),
        row.getField("kafka_offset").toString(),
        row.getField("app").toString(),
        row.getField("insert_id").toString(),
        row.getField("event_id").toString(),
        orDash(row.getField("user")),
        orDash(row.getField("paying")),
        orDash(row.getField("location_lat")),
        micros(row.getField("server_upload_time")),
        micros(row.getField("event_time")),
        row.getField("event_properties").toString(),
        row.getField("batch_number").toString());
  }

  private static String orDash(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  private static String micros(Object time) {
    java.time.Instant instant = ((OffsetDateTime) time).toInstant();
    return Long.toString(instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000);
  }

  @Override
  public void close() {
    engine.close();
    job.close();
  }
}
