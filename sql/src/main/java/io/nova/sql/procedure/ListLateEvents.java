package io.nova.sql.procedure;

import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.RequestTopicException;
import java.util.List;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** The late events of a batch. */
public final class ListLateEvents implements Procedure {
  private final BatchAccess access;

  ListLateEvents(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = @ArgumentHint(name = "batch", type = @DataTypeHint("STRING")),
      output =
          @DataTypeHint(
              "ROW<reason STRING, may_be_copy BOOLEAN, upload_time TIMESTAMP_LTZ(6), kafka_topic"
                  + " STRING, kafka_partition INT, kafka_offset BIGINT, kafka_index INT,"
                  + " original STRING, envelope STRING>"))
  public Row[] call(ProcedureContext context, String batch) {
    return events(batch).stream().map(ListLateEvents::row).toArray(Row[]::new);
  }

  private List<LateEvent> events(String batch) {
    try {
      return access
          .topics(BatchProcedure.LATE_EVENTS)
          .lateEvents()
          .of(access.batch(batch), access.table());
    } catch (RequestTopicException e) {
      // Without a cause: SQL clients show the innermost message only.
      throw new CatalogException("Procedure late_events: " + e.getMessage());
    }
  }

  static Row row(LateEvent late) {
    return Row.of(
        late.reason(),
        late.mayBeCopy(),
        late.uploadTime(),
        late.topic(),
        late.partition(),
        late.offset(),
        late.index(),
        late.original(),
        late.envelope());
  }
}
