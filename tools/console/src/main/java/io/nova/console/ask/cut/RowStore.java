package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * The rows of open blocks and block files, in tables of DuckDB.
 *
 * <p>Rows are in parts: an open block, or a block file. Rows are only appended, each with its part
 * and the number of its load. A cut sees the rows of its own parts up to its own load, so later
 * loads change no earlier cut. A table takes rows until it is full. It is dropped once no cut names
 * it. Where more than half of a full table's rows have left, the others are copied, and the table
 * ends. The copies go into a new table, which no earlier cut names. So rows that have left take at
 * most as much memory as the others.
 *
 * <p>Used under the lock of {@link AskCuts}.
 */
final class RowStore {
  static final String PART = "nova_part";
  static final String LOAD = "nova_load";

  private final DuckDBConnection writer;
  private final AskColumns columns;
  private final int fullRows;
  private List<RowTable> tables = new ArrayList<>();
  private final Set<Integer> existing = new HashSet<>();
  private int lastTable;
  private int lastPart;
  private int lastLoad;

  /**
   * A table of rows.
   *
   * @param number names the table
   * @param rowsOfPart by part, the number of its rows
   */
  record RowTable(int number, Map<Integer, Long> rowsOfPart) {
    RowTable {
      rowsOfPart = Map.copyOf(rowsOfPart);
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
    this.writer = writer;
    this.columns = columns;
    this.fullRows = fullRows;
  }

  private static String nameOf(int table) {
    return "rows_" + table;
  }

  /** Numbers as a list in SQL. */
  static String list(Collection<Integer> numbers) {
    return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
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

  /** Takes over the tables of a load that was committed. */
  void committed(List<RowTable> loaded) {
    tables = loaded;
    loaded.forEach(table -> existing.add(table.number()));
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
