package io.nova.sql.system;

import io.nova.system.SystemRow;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/** Converts rows of system tables to Flink's. */
final class FlinkValues {
  private FlinkValues() {}

  /** Flink's rows. */
  static List<RowData> rows(List<SystemRow> rows) {
    return rows.stream().map(FlinkValues::row).toList();
  }

  private static RowData row(SystemRow row) {
    GenericRowData values = new GenericRowData(row.values().size());
    for (int i = 0; i < row.values().size(); i++) {
      values.setField(i, value(row.values().get(i)));
    }
    return values;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof String text) {
      return StringData.fromString(text);
    }
    return value instanceof Instant time ? TimestampData.fromInstant(time) : value;
  }
}
