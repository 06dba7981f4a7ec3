package io.nova.kafka.batches.client;

import io.nova.event.audit.AuditDigest;
import io.nova.event.audit.AuditedIdentity;
import io.nova.handoff.AuditFigures;
import io.nova.iceberg.commit.BatchTags;
import io.nova.iceberg.commit.TagRows;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/**
 * The rows and digests of a batch, by app and hour of upload time. They are read from seven columns
 * of its rows: those of the batch's tag, or those of the batch layer. For one thread.
 */
public final class BatchAudit {
  private static final String UPLOAD_TIME = "server_upload_time";

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
  public record Result(List<Line> lines, AuditFigures total) {
    /** Copies the list. */
    public Result {
      lines = List.copyOf(lines);
    }

    /** The figures of the rows of both, which have no row in common. */
    public Result plus(Result other) {
      BatchAudit sum = new BatchAudit();
      lines.forEach(sum::add);
      other.lines.forEach(sum::add);
      return sum.result();
    }

    /** What differs from the expected figures, a sentence for each app and hour. */
    public List<String> differencesFrom(Result expected) {
      Map<Group, Line> found = byGroup();
      Map<Group, Line> wanted = expected.byGroup();
      SortedSet<Group> groups = new TreeSet<>(found.keySet());
      groups.addAll(wanted.keySet());
      return groups.stream()
          .filter(group -> !Objects.equals(found.get(group), wanted.get(group)))
          .map(group -> group.difference(found.get(group), wanted.get(group)))
          .toList();
    }

    private Map<Group, Line> byGroup() {
      return lines.stream().collect(Collectors.toMap(Group::of, line -> line));
    }
  }

  /** Rows that can be read. */
  public interface Rows {
    /**
     * Reads some columns of all rows. The record may be reused.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    void forEach(Consumer<Record> row, String... columns);
  }

  private record Group(long app, Instant hour) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byApp = Long.compare(app, other.app);
      return byApp != 0 ? byApp : hour.compareTo(other.hour);
    }

    static Group of(Line line) {
      return new Group(line.app, line.hour);
    }

    String difference(@Nullable Line found, @Nullable Line expected) {
      return "App %d, hour %s: found %s, expected %s."
          .formatted(app, hour, text(found), text(expected));
    }

    private static String text(@Nullable Line line) {
      return line == null ? "no rows" : "%d rows with digest %s".formatted(line.rows, line.digest);
    }
  }

  private BatchAudit() {}

  /**
   * Reads a batch.
   *
   * @param name the batch's name, for messages
   * @throws IllegalArgumentException if the batch has no tag
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Result of(Table table, long batch, String name) {
    TagRows rows = new TagRows(table, batch);
    if (!rows.exist()) {
      throw new IllegalArgumentException(
          ("Batch %s: the table has no tag %s, so there is nothing to audit. Expected a closed"
                  + " batch whose tag is retained.")
              .formatted(name, BatchTags.name(batch)));
    }
    return of(rows::forEach);
  }

  /**
   * Reads the rows of a batch, wherever they are.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Result of(Rows rows) {
    return new BatchAudit().read(rows);
  }

  private Result read(Rows rows) {
    rows.forEach(
        this::add,
        "app",
        "event_id",
        "client_event_time",
        "device_id",
        "insert_id",
        "uuid",
        UPLOAD_TIME);
    return result();
  }

  private Result result() {
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

  private void add(Line line) {
    digest(Group.of(line)).add(AuditDigest.of(line.rows(), line.digest()));
  }

  private void add(Record row) {
    AuditedIdentity identity = identity(row);
    Instant hour = time(row, UPLOAD_TIME).truncatedTo(ChronoUnit.HOURS);
    digest(new Group(identity.app(), hour)).add(identity);
  }

  private AuditDigest digest(Group group) {
    return digests.computeIfAbsent(group, one -> new AuditDigest());
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
