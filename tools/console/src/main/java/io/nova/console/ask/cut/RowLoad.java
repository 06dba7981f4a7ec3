package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.cut.RowStore.RowTable;
import java.io.Closeable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.iceberg.types.Types.NestedField;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends rows. Cuts see them after {@link #commit}. Used by one thread.
 *
 * <p>The rows are committed in pieces, so DuckDB holds few of them uncompressed. Everything else of
 * the load is in the last transaction.
 */
final class RowLoad implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RowLoad.class);

  private final RowStore store;
  private final int number;
  private final List<RowTable> tables;
  private Map<Integer, Long> added = new HashMap<>();
  private long currentRows;
  private long pieceRows;
  private long pieceChars;
  private boolean committedPiece;
  private @Nullable DuckDBAppender appender;
  private boolean committed;

  RowLoad(RowStore store, int number, List<RowTable> tables) {
    this.store = store;
    this.number = number;
    this.tables = new ArrayList<>(tables);
  }

  /** The number of the load. A cut sees the rows of its load and of earlier ones. */
  int number() {
    return number;
  }

  int newPart() {
    return store.newPart();
  }

  /**
   * Appends a row.
   *
   * @param row the stored columns in their order
   * @param kinds the columns
   */
  void add(int part, IndexedRecord row, List<NestedField> kinds) throws SQLException {
    DuckDBAppender out = appender();
    out.beginRow().append(part).append(number);
    for (int i = 0; i < kinds.size(); i++) {
      append(out, kinds.get(i), row.get(i));
    }
    out.endRow();
    added.merge(part, 1L, Long::sum);
    currentRows++;
    pieceRows++;
    if (store.isPiece(pieceRows, pieceChars)) {
      commitPiece();
    } else if (store.isFull(currentRows)) {
      endAppender();
    }
  }

  private void commitPiece() throws SQLException {
    endAppender();
    store.execute("COMMIT");
    committedPiece = true;
    store.exist(tables);
    pieceRows = 0;
    pieceChars = 0;
    store.execute("BEGIN TRANSACTION");
  }

  private void append(DuckDBAppender out, NestedField column, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      out.appendNull();
      return;
    }
    switch (column.type().typeId()) {
      case INTEGER -> out.append((int) (Integer) value);
      case LONG -> out.append((long) (Long) value);
      case DOUBLE -> out.append((double) (Double) value);
      case BOOLEAN -> out.append((boolean) (Boolean) value);
      case TIMESTAMP -> out.appendEpochMicros((Long) value);
      default -> {
        String text = value.toString();
        pieceChars += text.length();
        out.append(text);
      }
    }
  }

  private DuckDBAppender appender() throws SQLException {
    DuckDBAppender open = appender;
    if (open == null) {
      RowTable current = currentTable();
      currentRows = current.rows();
      open = AskDatabase.appender(store.writer(), current.shortName());
      appender = open;
    }
    return open;
  }

  /** The last table, unless it is full. */
  private RowTable currentTable() throws SQLException {
    if (tables.isEmpty() || store.isFull(tables.get(tables.size() - 1))) {
      tables.add(RowTable.empty(store.newTable()));
    }
    return tables.get(tables.size() - 1);
  }

  private void endAppender() throws SQLException {
    DuckDBAppender open = appender;
    if (open != null) {
      appender = null;
      open.close();
      RowTable last = tables.remove(tables.size() - 1);
      tables.add(last.withRows(added));
      added = new HashMap<>();
    }
  }

  /**
   * Copies the rows of full tables in which more than half of the rows have left. The copies keep
   * the numbers of their loads. So they go into a table of this load: an earlier cut that names the
   * table would read them twice.
   *
   * @param parts the parts that have not left
   */
  void compact(Set<Integer> parts) throws SQLException {
    endAppender();
    List<RowTable> sparse = tables.stream().filter(table -> isSparse(table, parts)).toList();
    if (sparse.isEmpty()) {
      return;
    }
    tables.removeAll(sparse);
    RowTable copies = RowTable.empty(store.newTable());
    for (RowTable table : sparse) {
      copies = copy(table, copies, parts);
    }
    // The last table still takes rows.
    tables.add(0, copies);
  }

  /** Whether a table takes no more rows, and most of its rows have left or are of a failed load. */
  private boolean isSparse(RowTable table, Set<Integer> parts) {
    int last = tables.get(tables.size() - 1).number();
    boolean ended = store.isFull(table) || table.number() != last;
    long alive = table.rows(parts);
    boolean few = alive < table.rows() / 2 || table.failedLoad().isPresent();
    return ended && alive > 0 && few;
  }

  private RowTable copy(RowTable from, RowTable to, Set<Integer> parts) throws SQLException {
    Map<Integer, Long> alive =
        from.rowsOfPart().entrySet().stream()
            .filter(part -> parts.contains(part.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    store.execute(
        "INSERT INTO %s SELECT * FROM %s WHERE %s"
            .formatted(to.name(), from.name(), from.where(alive.keySet())));
    return to.withRows(alive);
  }

  /** The tables that have rows of these parts. */
  List<RowTable> tablesOf(Set<Integer> parts) {
    return tables.stream().filter(table -> table.rows(parts) > 0).toList();
  }

  /** Makes the rows visible to later cuts. */
  void commit() throws SQLException {
    endAppender();
    store.execute("COMMIT");
    committed = true;
    store.committed(tables);
  }

  /** Undoes a load that was not committed. */
  @Override
  public void close() {
    if (committed) {
      return;
    }
    dropAppender();
    if (committedPiece) {
      store.failed(number);
    }
    try {
      store.execute("ROLLBACK");
    } catch (SQLException e) {
      // After a COMMIT that failed there is no transaction.
      LOG.warn("A load that failed was not rolled back: {}", e.getMessage());
    }
  }

  private void dropAppender() {
    DuckDBAppender open = appender;
    appender = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      LOG.debug("Rows of a load that is undone were not flushed: {}", e.getMessage());
    }
  }
}
