package io.nova.sql.source.reader;

import io.nova.sql.source.Instants;
import io.nova.sql.source.RowLayout;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.types.Types.NestedField;

/** Copies the values of Avro records, whose fields are a layout's stored columns, to rows. */
final class AvroValues {
  private final int[] positions;
  private final Function<Object, Object>[] conversions;

  AvroValues(RowLayout layout) {
    this.positions = layout.positions();
    this.conversions = conversions(layout);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Function<Object, Object>[] conversions(RowLayout layout) {
    return layout.storedColumns().columns().stream()
        .map(AvroValues::conversion)
        .toArray(Function[]::new);
  }

  private static Function<Object, Object> conversion(NestedField column) {
    return switch (column.type().typeId()) {
      case STRING -> text -> string((Utf8) text);
      case TIMESTAMP -> micros -> Instants.ofMicros((Long) micros);
      default -> same -> same;
    };
  }

  private static StringData string(Utf8 reused) {
    return StringData.fromBytes(Arrays.copyOf(reused.getBytes(), reused.getByteLength()));
  }

  /** Sets the row's stored columns. Texts are copied, since readers reuse records. */
  void copy(IndexedRecord record, GenericRowData row) {
    for (int i = 0; i < positions.length; i++) {
      Object value = record.get(i);
      row.setField(positions[i], value == null ? null : conversions[i].apply(value));
    }
  }
}
