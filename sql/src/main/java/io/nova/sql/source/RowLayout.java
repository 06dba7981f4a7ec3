package io.nova.sql.source;

import io.nova.sql.live.ReadToken;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.LiveRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The origin of each field of a row. Some fields are read; the others are the same for all rows of
 * a part.
 *
 * @param arity number of fields
 * @param storedColumns the columns to read, in the order of the row
 * @param storedPositions the position of each stored column in the row
 * @param filePosition position of the file's name, or -1
 * @param batchPosition position of the file's batch number, or -1
 * @param tokenPosition position of the query's {@link ReadToken}, or -1
 */
public record RowLayout(
    int arity,
    Schema storedColumns,
    List<Integer> storedPositions,
    int filePosition,
    int batchPosition,
    int tokenPosition) {
  /** The layout for files, whose metadata has the batch number. */
  public static RowLayout ofFiles(EventScan scan) {
    return of(scan, true);
  }

  /** The layout for open blocks, whose rows have the batch number. */
  public static RowLayout ofViews(EventScan scan) {
    return of(scan, false);
  }

  private static RowLayout of(EventScan scan, boolean batchIsKnown) {
    List<NestedField> columns = scan.projection().columns();
    ArrayList<NestedField> stored = new ArrayList<>();
    ArrayList<Integer> positions = new ArrayList<>();
    int file = -1;
    int batch = -1;
    int token = -1;
    for (int i = 0; i < columns.size(); i++) {
      NestedField column = columns.get(i);
      if (column.fieldId() == MetadataColumns.FILE_PATH.fieldId()) {
        file = i;
      } else if (column.fieldId() == EventScan.READ_TOKEN.fieldId()) {
        token = i;
      } else if (batchIsKnown && column.name().equals(EventScan.BATCH_NUMBER)) {
        batch = i;
      } else {
        stored.add(column);
        positions.add(i);
      }
    }
    return new RowLayout(
        columns.size(), new Schema(stored), List.copyOf(positions), file, batch, token);
  }

  /** A row with the fields that are the same for all rows of this file. */
  public GenericRowData rowOf(FileRange file, String token) {
    GenericRowData row = rowOf(file.path(), token);
    if (batchPosition >= 0) {
      row.setField(batchPosition, file.batchNumber());
    }
    return row;
  }

  /** A row with the fields that are the same for all rows of this part of a view. */
  public GenericRowData rowOf(LiveRange live, String token) {
    return rowOf(live.source(), token);
  }

  private GenericRowData rowOf(String source, String token) {
    GenericRowData row = new GenericRowData(arity);
    if (filePosition >= 0) {
      row.setField(filePosition, StringData.fromString(source));
    }
    if (tokenPosition >= 0) {
      row.setField(tokenPosition, StringData.fromString(token));
    }
    return row;
  }

  /** Whether the query reads the column {@code read_token}. */
  public boolean wantsToken() {
    return tokenPosition >= 0;
  }

  /** The positions of the stored columns in the row. */
  public int[] positions() {
    return storedPositions.stream().mapToInt(Integer::intValue).toArray();
  }
}
