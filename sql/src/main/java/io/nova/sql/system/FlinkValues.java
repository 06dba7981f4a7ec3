package io.nova.sql.system;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Values as Flink wants them. */
final class FlinkValues {
  private FlinkValues() {}

  static StringData text(String text) {
    return StringData.fromString(text);
  }

  /** An instant of so many microseconds since 1970. */
  static TimestampData time(long micros) {
    long millis = Math.floorDiv(micros, 1000L);
    return TimestampData.fromEpochMillis(millis, (int) (micros - millis * 1000L) * 1000);
  }

  /** The bound of a time column of a file; null where it is not known. */
  static @Nullable TimestampData bound(
      @Nullable Map<Integer, ByteBuffer> bounds, Schema schema, String column) {
    Types.NestedField field = schema.findField(column);
    ByteBuffer bytes = bounds == null ? null : bounds.get(field.fieldId());
    if (bytes == null) {
      return null;
    }
    Long micros = Conversions.fromByteBuffer(field.type(), bytes);
    return micros == null ? null : time(micros);
  }
}
