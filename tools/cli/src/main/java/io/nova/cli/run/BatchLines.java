package io.nova.cli.run;

import io.nova.handoff.BatchRequest;
import io.nova.iceberg.lifecycle.RemovalPlan;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.LateEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The output of {@code nova batch}: lines for people, or one JSON object a line. */
public final class BatchLines {
  private static final String LIST = "%-18s %-10s %14s  %-36s  %s";
  private static final String AUDIT = "%-20s %-22s %14s  %s";

  private BatchLines() {}

  /** A list of batches. */
  public static List<String> text(List<BatchLine> batches) {
    if (batches.isEmpty()) {
      return List.of("No batch was closed.");
    }
    return Stream.concat(
            Stream.of(LIST.formatted("batch", "state", "rows", "link", "closed at")),
            batches.stream()
                .map(
                    one ->
                        LIST.formatted(
                            one.name(),
                            one.state().title(),
                            text(one.rows()),
                            text(one.link()),
                            text(one.closedAt()))))
        .toList();
  }

  /** A list of batches as JSON. */
  public static List<String> json(List<BatchLine> batches) {
    return batches.stream()
        .map(
            one ->
                object(
                    "batch", one.name(),
                    "batchNumber", one.batch(),
                    "state", one.state().title(),
                    "link", one.link(),
                    "rows", one.rows(),
                    "digest", one.digest(),
                    "closedAt", one.closedAt(),
                    "closedBy", one.closedBy(),
                    "completedAt", one.completedAt(),
                    "completedBy", one.completedBy(),
                    "forced", one.forced(),
                    "withdrawnAt", one.withdrawnAt(),
                    "removedAt", one.removedAt()))
        .toList();
  }

  /** An audit. */
  public static List<String> text(BatchAudit.Result audit) {
    List<String> lines = new ArrayList<>();
    lines.add(AUDIT.formatted("app", "hour", "rows", "digest"));
    audit
        .lines()
        .forEach(
            one -> lines.add(AUDIT.formatted(one.app(), one.hour(), one.rows(), one.digest())));
    lines.add(AUDIT.formatted("total", "", audit.total().rows(), audit.total().digest()));
    return lines;
  }

  /** An audit as JSON; the last line has neither app nor hour. */
  public static List<String> json(BatchAudit.Result audit) {
    return Stream.concat(
            audit.lines().stream()
                .map(
                    one ->
                        object(
                            "app", one.app(),
                            "hour", one.hour(),
                            "rows", one.rows(),
                            "digest", one.digest())),
            Stream.of(object("rows", audit.total().rows(), "digest", audit.total().digest())))
        .toList();
  }

  /** Late events. */
  public static List<String> lateText(List<LateEvent> events) {
    if (events.isEmpty()) {
      return List.of("No late event.");
    }
    return events.stream()
        .map(
            one ->
                "%-12s %-11s %-27s %s-%d at %d%s"
                    .formatted(
                        one.reason(),
                        one.mayBeCopy() ? "may be copy" : "",
                        one.uploadTime(),
                        one.topic(),
                        one.partition(),
                        one.offset(),
                        one.index() == 0 ? "" : ", element " + one.index()))
        .toList();
  }

  /** Late events as JSON. */
  public static List<String> lateJson(List<LateEvent> events) {
    return events.stream()
        .map(
            one ->
                object(
                    "reason", one.reason(),
                    "mayBeCopy", one.mayBeCopy(),
                    "uploadTime", one.uploadTime(),
                    "topic", one.topic(),
                    "partition", one.partition(),
                    "offset", one.offset(),
                    "index", one.index(),
                    "original", one.original(),
                    "envelope", one.envelope()))
        .toList();
  }

  /** What would go. */
  public static List<String> text(RemovalPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.snapshots().forEach(id -> lines.add("snapshot " + id));
    plan.files().forEach(file -> lines.add("file     " + file));
    plan.orphans().forEach(file -> lines.add("orphan   " + file));
    return lines.isEmpty() ? List.of("Nothing would go.") : lines;
  }

  /** What would go, as JSON. */
  public static List<String> json(RemovalPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.snapshots().forEach(id -> lines.add(object("snapshot", id)));
    plan.files().forEach(file -> lines.add(object("file", file)));
    plan.orphans().forEach(file -> lines.add(object("orphan", file)));
    return lines;
  }

  /** What became of a request. */
  public static List<String> text(String batch, BatchRequest request, BatchResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(subject(batch, request) + ": " + result.state().title());
    if (result.link() != null) {
      lines.add("  link     " + result.link());
    }
    if (result.request() != null) {
      lines.add("  request  " + result.request());
    }
    if (!result.detail().isEmpty()) {
      lines.add("  " + result.detail());
    }
    return lines;
  }

  private static String subject(String batch, BatchRequest request) {
    if (request.partition() != null) {
      return "partition " + request.partition();
    }
    return batch.isEmpty() ? request.kind().name().toLowerCase(Locale.ROOT) : "batch " + batch;
  }

  /** What became of a request, as JSON. */
  public static List<String> json(String batch, BatchResult result) {
    return List.of(
        object(
            "batch", batch.isEmpty() ? null : batch,
            "state", result.state().title(),
            "link", result.link(),
            "request", result.request(),
            "detail", result.detail()));
  }

  /** Names and values in turn; absent values are left out, times are ISO-8601. */
  private static String object(@Nullable Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        object.put(
            Objects.toString(namesAndValues[i]),
            value instanceof Number || value instanceof Boolean ? value : value.toString());
      }
    }
    return JsonLine.of(object);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
