package io.nova.sql.source;

import io.nova.live.cut.ReadToken;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.LiveRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * The origin of each column of a scan. Some columns are read; the others are the same for all rows
 * of a part. The columns of the projection come first. Then follow those that only the exact filter
 * reads.
 *
 * @param columns all columns
 * @param arity number of columns in the projection
 * @param storedColumns the columns to read, in the order of all columns
 * @param storedPositions the position of each stored column among all columns
 * @param filePosition position of the file's name, or -1
 * @param batchPosition position of the file's batch number, or -1
 * @param tokenPosition position of the query's {@link ReadToken}, or -1
 */
public record RowLayout(
    List<NestedField> columns,
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
    List<NestedField> columns = columns(scan);
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
        List.copyOf(columns),
        scan.projection().columns().size(),
        new Schema(stored),
        List.copyOf(positions),
        file,
        batch,
        token);
  }

  private static List<NestedField> columns(EventScan scan) {
    ArrayList<NestedField> columns = new ArrayList<>(scan.projection().columns());
    for (NestedField column : scan.exact().columns().columns()) {
      if (columns.stream().noneMatch(there -> there.fieldId() == column.fieldId())) {
        columns.add(column);
      }
    }
    return columns;
  }

  /** The columns that are the same for all rows of this file; null for the others. */
  public @Nullable Object[] constants(FileRange file, String token) {
    @Nullable Object[] constants = constants(file.path(), token);
    if (batchPosition >= 0) {
      constants[batchPosition] = file.batchNumber();
    }
    return constants;
  }

  /** The columns that are the same for all rows of this part of a view; null for the others. */
  public @Nullable Object[] constants(LiveRange live, String token) {
    return constants(live.source(), token);
  }

  private @Nullable Object[] constants(String source, String token) {
    @Nullable Object[] constants = new @Nullable Object[columns.size()];
    if (filePosition >= 0) {
      constants[filePosition] = StringData.fromString(source);
    }
    if (tokenPosition >= 0) {
      constants[tokenPosition] = StringData.fromString(token);
    }
    return constants;
  }

  /** The positions of the stored columns that the filter reads. */
  public List<Integer> positionsOf(ExactFilter filter) {
    return storedPositions.stream()
        .filter(position -> filter.columns().findField(columns.get(position).fieldId()) != null)
        .toList();
  }

  /** Whether the query reads the column {@code read_token}. */
  public boolean wantsToken() {
    return tokenPosition >= 0;
  }

  /** Whether no column is read, since all are known. */
  public boolean needsNoColumn() {
    return storedPositions.isEmpty();
  }
}
