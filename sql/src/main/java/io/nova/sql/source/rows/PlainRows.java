package io.nova.sql.source.rows;

import io.nova.sql.source.RowLayout;
import java.io.IOException;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** Rows of a scan without aggregates. */
public final class PlainRows implements ScanCursor {
  private final ReadRows rows;
  private final GenericRowData row;
  private final int[] positions;
  private final Cell[] cells;
  private long repeats;

  /** The rows under this cursor. */
  public PlainRows(ReadRows rows, RowLayout layout) {
    this.rows = rows;
    this.row = new GenericRowData(layout.arity());
    List<Cell> all = rows.cells();
    for (int i = 0; i < layout.arity(); i++) {
      if (!layout.storedPositions().contains(i)) {
        row.setField(i, all.get(i).value());
      }
    }
    this.positions =
        layout.storedPositions().stream()
            .mapToInt(Integer::intValue)
            .filter(position -> position < layout.arity())
            .toArray();
    this.cells = new Cell[positions.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = all.get(positions[i]);
    }
  }

  @Override
  public @Nullable RowData next() throws IOException {
    if (repeats > 0) {
      repeats--;
      return row;
    }
    repeats = rows.advance() - 1;
    if (repeats < 0) {
      repeats = 0;
      return null;
    }
    for (int i = 0; i < cells.length; i++) {
      row.setField(positions[i], cells[i].value());
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
