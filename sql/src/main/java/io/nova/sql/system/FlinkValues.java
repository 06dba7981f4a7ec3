package io.nova.sql.system;

import io.nova.sql.source.Instants;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Converts values to Flink's. */
final class FlinkValues {
  private FlinkValues() {}

  /** A text. */
  static StringData text(String text) {
    return StringData.fromString(text);
  }

  /** A file's bound of a time column; null if it is not known. */
  static @Nullable TimestampData bound(
      @Nullable Map<Integer, ByteBuffer> bounds, Schema schema, String column) {
    Types.NestedField field = schema.findField(column);
    ByteBuffer bytes = bounds == null ? null : bounds.get(field.fieldId());
    if (bytes == null) {
      return null;
    }
    Long micros = Conversions.fromByteBuffer(field.type(), bytes);
    return micros == null ? null : Instants.ofMicros(micros);
  }
}
