package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import java.io.Closeable;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of open blocks and block files, in tables of DuckDB.
 *
 * <p>Rows are in parts: an open block, or a block file. Rows are only appended, each with its part
 * and the number of its load. A cut sees the rows of its own parts up to its own load, so later
 * loads change no earlier cut. A table takes rows until it is full. It is dropped once no cut names
 * it. Where more than half of a full table's rows have left, the others are copied, and the table
 * ends. The copies go into a new table, which no earlier cut names. So rows that have left take at
 * most as much space as the others.
 *
 * <p>A load commits its rows in pieces, since DuckDB holds the rows of a transaction uncompressed.
 * A load that fails leaves the rows of its earlier pieces. No cut reads them. They leave with their
 * table, which takes no more rows.
 *
 * <p>Used by the loading thread of {@link AskCuts}.
 */
final class RowStore implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RowStore.class);

  static final String PART = "nova_part";
  static final String LOAD = "nova_load";

  /** Rows of a piece. */
  private static final int PIECE_ROWS = 20_000;

  /** Characters of a piece. A row takes up to four times its characters until it is committed. */
  private static final long PIECE_CHARS = 16_000_000;

  private final DuckDBConnection writer;
  private final AskColumns columns;
  private final int fullRows;
  private final int pieceRows;
  private List<RowTable> tables = new ArrayList<>();
  private final Set<Integer> existing = new HashSet<>();
  private int lastTable;
  private int lastPart;
  private int lastLoad;

  /**
   * A table of rows.
   *
   * @param number names the table
   * @param rowsOfPart by part, the number of its rows, without those of the failed load
   * @param failedLoad a load that failed and left rows here; the table takes no more rows then
   */
  record RowTable(int number, Map<Integer, Long> rowsOfPart, OptionalInt failedLoad) {
    RowTable {
      rowsOfPart = Map.copyOf(rowsOfPart);
    }

    static RowTable empty(int number) {
      return new RowTable(number, Map.of(), OptionalInt.empty());
    }

    RowTable withRows(Map<Integer, Long> added) {
      return new RowTable(number, sum(rowsOfPart, added), failedLoad);
    }

    RowTable withFailedLoad(int load) {
      return new RowTable(number, rowsOfPart, OptionalInt.of(load));
    }

    /**
     * The condition for rows of these parts, of which there is at least one. DuckDB plans a list of
     * numbers for each question, which took 70 to 200 ms for 36,000 parts. A bit for each part
     * takes no time to plan. DuckDB may change the order of an AND, so the CASE guards the bits.
     */
    String where(Set<Integer> parts) {
      int first = Collections.min(parts);
      int last = Collections.max(parts);
      String within = "%s BETWEEN %d AND %d".formatted(PART, first, last);
      String ofParts =
          parts.size() == last - first + 1
              ? within
              : "%1$s AND CASE WHEN %1$s THEN get_bit('%2$s'::BIT, %3$s - %4$d) = 1 ELSE false END"
                  .formatted(within, bits(parts, first, last), PART, first);
      return failedLoad.isEmpty()
          ? ofParts
          : "%s AND %s <> %d".formatted(ofParts, LOAD, failedLoad.getAsInt());
    }

    private static String bits(Set<Integer> parts, int first, int last) {
      StringBuilder bits = new StringBuilder(last - first + 1);
      for (int part = first; part <= last; part++) {
        bits.append(parts.contains(part) ? '1' : '0');
      }
      return bits.toString();
    }

    String name() {
      return AskDatabase.SCHEMA + "." + shortName();
    }

    String shortName() {
      return nameOf(number);
    }

    long rows() {
      return rowsOfPart.values().stream().mapToLong(Long::longValue).sum();
    }

    long rows(Set<Integer> parts) {
      return rowsOfPart.entrySet().stream()
          .filter(part -> parts.contains(part.getKey()))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * An empty store.
   *
   * @param fullRows rows after which a table is full
   */
  RowStore(DuckDBConnection writer, AskColumns columns, int fullRows) {
    this(writer, columns, fullRows, PIECE_ROWS);
  }

  /**
   * An empty store with small pieces.
   *
   * @param pieceRows rows of a load after which it commits them
   */
  RowStore(DuckDBConnection writer, AskColumns columns, int fullRows, int pieceRows) {
    this.writer = writer;
    this.columns = columns;
    this.fullRows = fullRows;
    this.pieceRows = pieceRows;
  }

  private static String nameOf(int table) {
    return "rows_" + table;
  }

  /** Begins to load rows. The caller closes it. */
  RowLoad begin() throws SQLException {
    execute("BEGIN TRANSACTION");
    return new RowLoad(this, ++lastLoad, tables);
  }

  DuckDBConnection writer() {
    return writer;
  }

  boolean isFull(long rows) {
    return rows >= fullRows;
  }

  boolean isFull(RowTable table) {
    return isFull(table.rows()) || table.failedLoad().isPresent();
  }

  /** Whether a load commits what it has appended. */
  boolean isPiece(long rows, long chars) {
    return rows >= pieceRows || chars >= PIECE_CHARS;
  }

  int newPart() {
    return ++lastPart;
  }

  /** Creates an empty table in the running transaction. */
  int newTable() throws SQLException {
    int number = ++lastTable;
    execute(
        "CREATE TABLE %s.%s (%s INTEGER, %s INTEGER, %s)"
            .formatted(AskDatabase.SCHEMA, nameOf(number), PART, LOAD, columns.definitions()));
    return number;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A piece of a load was committed to these tables. */
  void exist(List<RowTable> committed) {
    committed.forEach(table -> existing.add(table.number()));
  }

  /** Takes over the tables of a load that was committed. */
  void committed(List<RowTable> loaded) {
    tables = loaded;
    exist(loaded);
  }

  /**
   * A load failed after pieces of it were committed. The first went to the last table, if not full.
   */
  void failed(int load) {
    if (!tables.isEmpty() && !isFull(tables.get(tables.size() - 1))) {
      RowTable last = tables.remove(tables.size() - 1);
      tables.add(last.withFailedLoad(load));
    }
  }

  /**
   * Leaves tables without rows of these parts, and drops those that no cut names.
   *
   * @param parts the parts of all cuts
   * @param named the numbers of the tables that cuts name
   */
  void dropUnused(Set<Integer> parts, Set<Integer> named) throws SQLException {
    tables =
        new ArrayList<>(
            tables.stream()
                .filter(table -> table.rows(parts) > 0 || named.contains(table.number()))
                .toList());
    Set<Integer> kept = new HashSet<>(named);
    tables.forEach(table -> kept.add(table.number()));
    for (int table : Set.copyOf(existing)) {
      if (!kept.contains(table)) {
        execute("DROP TABLE %s.%s".formatted(AskDatabase.SCHEMA, nameOf(table)));
        existing.remove(table);
      }
    }
  }

  /** Closes the connection. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (SQLException e) {
      LOG.warn("A connection to DuckDB was not closed: {}", e.getMessage());
    }
  }

  /** The number of rows in all tables, also those that have left. */
  long rows() {
    return tables.stream().mapToLong(RowTable::rows).sum();
  }

  /** The number of tables in DuckDB. */
  int tables() {
    return existing.size();
  }

  /** The rows of each part in several tables. */
  static Map<Integer, Long> sum(Map<Integer, Long> one, Map<Integer, Long> other) {
    Map<Integer, Long> both = new HashMap<>(one);
    other.forEach((part, rows) -> both.merge(part, rows, Long::sum));
    return both;
  }
}
