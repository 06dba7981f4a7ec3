package io.nova.console.view;

import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.handoff.BatchName;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.RequestTopicException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Audit and late events of one batch, named by the parameter {@code batch}. Thread-safe. */
public final class BatchReports {
  private static final int SHOWN = 500;

  private final WatchedStore store;

  /** Reports of this store. */
  public BatchReports(WatchedStore store) {
    this.store = store;
  }

  private record Named(EventTable table, long batch, String name) {}

  private Named named(Request request) {
    EventTable table = store.table();
    String text = request.query().getOrDefault("batch", "");
    long batch = BatchName.parse(text, table.rules().batchLength());
    return new Named(table, batch, BatchName.of(batch, table.rules().batchLength()));
  }

  /** Rows and digest by app and hour of upload time, and in total. */
  public Reply audit(Request request) {
    try {
      Named named = named(request);
      BatchAudit.Result audit = BatchAudit.of(named.table().iceberg(), named.batch(), named.name());
      ArrayList<Map<String, Object>> lines = new ArrayList<>();
      audit.lines().forEach(line -> lines.add(line(line)));
      return Reply.json(
          Map.of(
              "batch", named.name(),
              "lines", lines,
              "rows", audit.total().rows(),
              "digest", audit.total().digest()));
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> line(BatchAudit.Line line) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("app", line.app());
    object.put("hour", line.hour().toString());
    object.put("rows", line.rows());
    object.put("digest", line.digest());
    return object;
  }

  /** The events that came too late for the batch; the first {@value #SHOWN} of them. */
  public Reply late(Request request) {
    try {
      Named named = named(request);
      List<LateEvent> late = store.target().lateEvents().of(named.batch(), named.table());
      return Reply.json(
          Map.of(
              "batch", named.name(),
              "count", late.size(),
              "events", late.stream().limit(SHOWN).map(BatchReports::event).toList()));
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    } catch (RequestTopicException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable Object> event(LateEvent event) {
    LinkedHashMap<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("reason", event.reason());
    object.put("mayBeCopy", event.mayBeCopy());
    object.put("uploadTime", String.valueOf(event.uploadTime()));
    object.put("topic", event.topic());
    object.put("partition", event.partition());
    object.put("offset", event.offset());
    return object;
  }
}
