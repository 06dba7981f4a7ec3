package io.nova.sql.system;

import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.table.data.RowData;

/**
 * The only split of a system table, with its position.
 *
 * @param rows reads the rows
 * @param done rows that have been passed on
 */
record SystemSplit(SystemRows rows, int done)
    implements IteratorSourceSplit<RowData, SystemSplit.Position> {
  /** An iterator over the rows that knows its position. */
  static final class Position implements Iterator<RowData> {
    private final List<RowData> rows;
    private int next;

    Position(List<RowData> rows, int next) {
      this.rows = rows;
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return next < rows.size();
    }

    @Override
    public RowData next() {
      return rows.get(next++);
    }
  }

  @Override
  public String splitId() {
    return "all";
  }

  @Override
  public Position getIterator() {
    return new Position(rows.now(), done);
  }

  @Override
  public SystemSplit getUpdatedSplitForIterator(Position position) {
    return new SystemSplit(rows, position.next);
  }
}
