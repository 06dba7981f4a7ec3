package io.nova.kafka.batches.client;

import io.nova.event.audit.AuditDigest;
import io.nova.event.audit.AuditedIdentity;
import io.nova.handoff.AuditFigures;
import io.nova.iceberg.commit.BatchTags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * The rows and digests of a closed batch, by app and hour of upload time. They are read from the
 * files of the batch's tag, seven columns of them. For one thread.
 */
public final class BatchAudit {
  private static final String UPLOAD_TIME = "server_upload_time";

  private final Table table;
  private final Schema columns;
  private final Map<Group, AuditDigest> digests = new TreeMap<>();

  /**
   * The figures of one app and hour.
   *
   * @param app the app
   * @param hour the first upload time of the hour
   * @param rows the number of rows
   * @param digest their digest, as {@link AuditDigest} writes it
   */
  public record Line(long app, Instant hour, long rows, String digest) {}

  /**
   * The figures of a batch.
   *
   * @param lines by app and hour
   * @param total of all lines
   */
  public record Result(List<Line> lines, AuditFigures total) {}

  private record Group(long app, Instant hour) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byApp = Long.compare(app, other.app);
      return byApp != 0 ? byApp : hour.compareTo(other.hour);
    }
  }

  private BatchAudit(Table table) {
    this.table = table;
    this.columns =
        table
            .schema()
            .select(
                "app",
                "event_id",
                "client_event_time",
                "device_id",
                "insert_id",
                "uuid",
                UPLOAD_TIME);
  }

  /**
   * Reads a batch.
   *
   * @param name the batch's name, for messages
   * @throws IllegalArgumentException if the batch has no tag
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Result of(Table table, long batch, String name) {
    String tag = BatchTags.name(batch);
    if (!table.refs().containsKey(tag)) {
      throw new IllegalArgumentException(
          ("Batch %s: the table has no tag %s, so there is nothing to audit. Expected a closed"
                  + " batch whose tag is retained.")
              .formatted(name, tag));
    }
    return new BatchAudit(table).read(tag);
  }

  private Result read(String tag) {
    try (CloseableIterable<FileScanTask> files = table.newScan().useRef(tag).planFiles()) {
      for (FileScanTask file : files) {
        add(file.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Result(digests.entrySet().stream().map(BatchAudit::line).toList(), total());
  }

  private static Line line(Map.Entry<Group, AuditDigest> one) {
    AuditDigest digest = one.getValue();
    return new Line(one.getKey().app(), one.getKey().hour(), digest.rows(), digest.hex());
  }

  private AuditFigures total() {
    AuditDigest total = new AuditDigest();
    digests.values().forEach(total::add);
    return new AuditFigures(total.rows(), total.hex());
  }

  private void add(DataFile file) throws IOException {
    if (file.format() != FileFormat.PARQUET) {
      throw new IllegalStateException(
          "File %s of a tag is %s, expected a chunk: a closed batch has no block files"
              .formatted(file.location(), file.format()));
    }
    try (CloseableIterable<Record> rows =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(columns)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(columns, type))
            .build()) {
      rows.forEach(this::add);
    }
  }

  private void add(Record row) {
    AuditedIdentity identity = identity(row);
    Instant hour = time(row, UPLOAD_TIME).truncatedTo(ChronoUnit.HOURS);
    digests
        .computeIfAbsent(new Group(identity.app(), hour), group -> new AuditDigest())
        .add(identity);
  }

  private static AuditedIdentity identity(Record row) {
    return new AuditedIdentity(
        (Long) row.getField("app"),
        (Long) row.getField("event_id"),
        row.getField("client_event_time") == null
            ? null
            : ChronoUnit.MICROS.between(Instant.EPOCH, time(row, "client_event_time")),
        text(row, "device_id"),
        text(row, "insert_id"),
        text(row, "uuid"));
  }

  private static @Nullable String text(Record row, String column) {
    return (String) row.getField(column);
  }

  private static Instant time(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant();
  }
}
