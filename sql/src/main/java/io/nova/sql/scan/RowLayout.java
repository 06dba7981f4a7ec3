package io.nova.sql.scan;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Where the fields of a row come from: some out of the file, some the same for all its rows.
 *
 * @param arity the number of fields
 * @param storedColumns the columns to read from a file, in the order of the row
 * @param storedPositions where each of them goes in the row
 * @param filePosition where the file's name goes, or -1
 * @param batchPosition where the batch number goes, or -1
 */
record RowLayout(
    int arity,
    Schema storedColumns,
    List<Integer> storedPositions,
    int filePosition,
    int batchPosition) {

  static RowLayout of(EventScan scan) {
    var columns = scan.projection().columns();
    var stored = new ArrayList<NestedField>();
    var positions = new ArrayList<Integer>();
    int file = -1;
    int batch = -1;
    for (int i = 0; i < columns.size(); i++) {
      var column = columns.get(i);
      if (column.fieldId() == MetadataColumns.FILE_PATH.fieldId()) {
        file = i;
      } else if (column.name().equals(EventScan.BATCH_NUMBER)) {
        batch = i;
      } else {
        stored.add(column);
        positions.add(i);
      }
    }
    return new RowLayout(columns.size(), new Schema(stored), List.copyOf(positions), file, batch);
  }

  /** A row with the fields that all rows of this file share. */
  GenericRowData rowOf(FileRange file) {
    var row = new GenericRowData(arity);
    if (filePosition >= 0) {
      row.setField(filePosition, StringData.fromString(file.path()));
    }
    if (batchPosition >= 0) {
      row.setField(batchPosition, file.batchNumber());
    }
    return row;
  }

  int[] positions() {
    return storedPositions.stream().mapToInt(Integer::intValue).toArray();
  }
}
