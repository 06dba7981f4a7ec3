package io.nova.sql.scan;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Rows of an Avro block file, read by Iceberg, which finds the columns by their field ids. */
final class AvroRows implements RowCursor {

  private final CloseableIterable<IndexedRecord> records;
  private final Iterator<IndexedRecord> iterator;
  private final GenericRowData row;
  private final int[] positions;
  private final Function<Object, Object>[] conversions;

  AvroRows(InputFile file, FileRange range, RowLayout layout) {
    this.records =
        Avro.read(file)
            .project(layout.storedColumns())
            .split(range.start(), range.length())
            .reuseContainers()
            .build();
    this.iterator = records.iterator();
    this.row = layout.rowOf(range);
    this.positions = layout.positions();
    this.conversions = conversions(layout);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Function<Object, Object>[] conversions(RowLayout layout) {
    return layout.storedColumns().columns().stream()
        .map(AvroRows::conversion)
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

  @Override
  public @Nullable RowData next() {
    if (!iterator.hasNext()) {
      return null;
    }
    var record = iterator.next();
    for (int i = 0; i < positions.length; i++) {
      var value = record.get(i);
      row.setField(positions[i], value == null ? null : conversions[i].apply(value));
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
