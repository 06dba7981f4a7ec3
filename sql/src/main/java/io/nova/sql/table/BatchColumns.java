package io.nova.sql.table;

import io.nova.sql.source.EventScan;
import io.nova.sql.source.ExactFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The columns of the event table in the table of the batch layer, found by name. The place of the
 * message may be missing there; it is then null. Every other column must be there, with the same
 * type.
 */
final class BatchColumns {
  /** Ids of columns that no file has. Iceberg assigns them to no column. */
  private static final int FIRST_MISSING_ID = 2_000_000_100;

  private final Schema stored;
  private final PartitionSpec spec;

  /**
   * The columns of a table.
   *
   * @throws IllegalArgumentException if it is not partitioned by batch number, or lacks columns of
   *     the event table
   */
  BatchColumns(Table batches, EventColumns events) {
    this.stored = batches.schema();
    this.spec = batches.spec();
    List<PartitionField> partitioning = spec.fields();
    if (partitioning.size() != 1
        || !partitioning.get(0).name().equals(EventScan.BATCH_NUMBER)
        || !partitioning.get(0).transform().isIdentity()) {
      throw new IllegalArgumentException(
          ("Table nova.batch_events: found the partitioning %s, expected batch_number. Table"
                  + " lambda_events is not read.")
              .formatted(spec));
    }
    requireColumns(events);
  }

  private void requireColumns(EventColumns events) {
    List<String> missing =
        Stream.concat(
                events.physical().stream(),
                Stream.of(events.stored().findField(EventScan.BATCH_NUMBER)))
            .filter(column -> !has(column))
            .map(column -> column.name() + " " + column.type())
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          ("Table nova.batch_events: it lacks these columns of nova.events, or has them with other"
                  + " types: %s. Table lambda_events is not read. Let the batch layer add them.")
              .formatted(String.join(", ", missing)));
    }
  }

  private boolean has(NestedField column) {
    NestedField found = stored.findField(column.name());
    return found != null && found.type().equals(column.type());
  }

  /** The scan of the batch layer's table that returns the same rows as a scan of events. */
  EventScan scan(EventScan events) {
    return new EventScan(
        spec,
        schema(events.projection()),
        filter(events.filter()),
        new ExactFilter(events.exact().expression(), schema(events.exact().columns())),
        events.aggregation(),
        events.past(),
        events.limit());
  }

  private Schema schema(Schema ofEvents) {
    ArrayList<NestedField> columns = new ArrayList<>();
    for (NestedField column : ofEvents.columns()) {
      columns.add(field(column));
    }
    return new Schema(columns);
  }

  private NestedField field(NestedField column) {
    if (column.fieldId() == MetadataColumns.FILE_PATH.fieldId()
        || column.fieldId() == EventScan.READ_TOKEN.fieldId()) {
      return column;
    }
    return has(column)
        ? stored.findField(column.name())
        : NestedField.optional(FIRST_MISSING_ID + column.fieldId(), column.name(), column.type());
  }

  /** The filter, or none if it reads a missing column: rows are filtered one by one anyway. */
  private Expression filter(Expression ofEvents) {
    try {
      Expression unused = Binder.bind(stored.asStruct(), ofEvents, true);
      return ofEvents;
    } catch (ValidationException missing) {
      return Expressions.alwaysTrue();
    }
  }
}
