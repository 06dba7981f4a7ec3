package io.nova.iceberg;

import io.nova.event.row.RowBatch;
import io.nova.event.row.RowFormat;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Writes encoded rows into Parquet's column writers, a column of many rows at once. Nothing is
 * decoded but numbers.
 *
 * <p>A string that equals the one before it is passed on as the same object, so that a dictionary
 * need not look it up ({@link RepeatDictionary}). Not thread safe.
 */
final class ChunkColumns {
  private final ColumnWriteStore store;
  private final ColumnWriter[] writers;

  /** Writers for one row group. */
  ChunkColumns(MessageType schema, ColumnWriteStore store) {
    this.store = store;
    this.writers =
        schema.getColumns().stream().map(store::getColumnWriter).toArray(ColumnWriter[]::new);
  }

  /** Writes the rows of a batch, which lie in this array. */
  void write(RowBatch batch, byte[] bytes) {
    for (int column = 0; column < writers.length; column++) {
      if (batch.present(column) == 0) {
        writeNulls(writers[column], batch.rows());
      } else {
        write(column, batch, bytes);
      }
    }
    for (int row = 0; row < batch.rows(); row++) {
      store.endRecord();
    }
  }

  private static void writeNulls(ColumnWriter out, int rows) {
    for (int row = 0; row < rows; row++) {
      out.writeNull(0, 0);
    }
  }

  private void write(int column, RowBatch batch, byte[] bytes) {
    ColumnWriter out = writers[column];
    Schema.Type type = RowFormat.type(column);
    int level = RowFormat.optional(column) ? 1 : 0;
    if (type == Schema.Type.STRING) {
      writeStrings(out, column, level, batch, bytes);
      return;
    }
    for (int row = 0; row < batch.rows(); row++) {
      int value = batch.value(column, row);
      if (value < 0) {
        out.writeNull(0, 0);
      } else {
        switch (type) {
          case LONG -> out.write(RowFormat.number(bytes, value), 0, level);
          case INT -> out.write((int) RowFormat.number(bytes, value), 0, level);
          case DOUBLE -> out.write(RowFormat.real(bytes, value), 0, level);
          default -> out.write(RowFormat.flag(bytes, value), 0, level);
        }
      }
    }
  }

  private static void writeStrings(
      ColumnWriter out, int column, int level, RowBatch batch, byte[] bytes) {
    @Nullable Binary last = null;
    int lastStart = 0;
    int lastEnd = 0;
    for (int row = 0; row < batch.rows(); row++) {
      int value = batch.value(column, row);
      if (value < 0) {
        out.writeNull(0, 0);
        continue;
      }
      int start = RowFormat.text(bytes, value);
      int end = start + (int) RowFormat.number(bytes, value);
      if (last == null || !Arrays.equals(bytes, start, end, bytes, lastStart, lastEnd)) {
        last = Binary.fromReusedByteArray(bytes, start, end - start);
        lastStart = start;
        lastEnd = end;
      }
      out.write(last, 0, level);
    }
  }
}
