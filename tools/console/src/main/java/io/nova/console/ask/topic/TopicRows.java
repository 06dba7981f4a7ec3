package io.nova.console.ask.topic;

import io.nova.console.ask.AppendedValues;
import io.nova.console.ask.AskDatabase;
import java.io.Closeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows of a topic in a table of DuckDB.
 *
 * <p>A row is visible from the load that appended it until the load in which it left. A row leaves
 * when a later record repeats it, when it is too old, or when the table is full. It is only marked
 * then, so a {@link TopicCut} sees the same rows while later loads go on. Where more than half of a
 * table has left, the other rows are copied to a new table. An old table is dropped after its last
 * question.
 *
 * <p>Rows are loaded by one thread. Any thread may use and release cuts.
 */
final class TopicRows implements Closeable {
  private static final String LOAD = "nova_load";
  private static final String UNTIL = "nova_until";
  private static final String PARTITION = "nova_partition";
  private static final String OFFSET = "nova_offset";
  private static final String BYTES = "nova_bytes";
  private static final String CUT = "nova_cut";

  /** The load in which a visible row leaves. */
  private static final int NEVER = Integer.MAX_VALUE;

  /** A full table keeps this part of its limits, so that it is not full again at once. */
  private static final double KEPT = 0.9;

  private final DuckDBConnection writer;
  private final TopicForm form;
  private final TopicLimits limits;
  private final Set<TopicCut> used = new HashSet<>();
  private final Set<String> existing = new HashSet<>();
  private @Nullable TopicCut newest;
  private String table = "";
  private int tables;
  private int load;
  private long foreign;

  /** The newest time of a row that left, or was never read, because the table was full. */
  private Instant full = Instant.MIN;

  /**
   * A row and its place on its own topic.
   *
   * @param partition its partition of the rejected or duplicates topic
   * @param offset its offset there
   */
  record Logged(int partition, long offset, TopicForm.Row row) {}

  /** The rows of a table. */
  private record Held(long rows, long bytes, long cut) {}

  TopicRows(DuckDBConnection writer, TopicForm form, TopicLimits limits) {
    this.writer = writer;
    this.form = form;
    this.limits = limits;
  }

  /** The condition for rows that a load sees. */
  static String visibleAt(int load) {
    return "%s <= %d AND %s > %d".formatted(LOAD, load, UNTIL, load);
  }

  private static String visible() {
    return "%s = %d".formatted(UNTIL, NEVER);
  }

  /** Notes that older rows than this were not read, since the table cannot hold them. */
  void skippedBefore(Instant time) {
    full = time.isAfter(full) ? time : full;
  }

  /**
   * Loads rows, all or none. Later cuts see them.
   *
   * @param others number of records that are no rows of this table
   * @param from older rows leave
   */
  void load(List<Logged> rows, long others, Instant from) throws SQLException {
    int next = load + 1;
    String before = table;
    Instant fullBefore = full;
    boolean committed = false;
    execute("BEGIN TRANSACTION");
    try {
      long changed = rows.size();
      if (table.isEmpty()) {
        newTable();
        changed++;
      }
      append(rows, next);
      changed += rows.isEmpty() ? 0 : leave(next, repeated(next));
      changed += leave(next, "%s < %s".formatted(form.time(), time(from)));
      changed += leaveIfFull(next);
      if (changed > 0) {
        compact();
      }
      execute(changed == 0 ? "ROLLBACK" : "COMMIT");
      load = changed == 0 ? load : next;
      foreign += others;
      committed = true;
    } finally {
      if (!committed) {
        table = before;
        full = fullBefore;
        execute("ROLLBACK");
      }
    }
    dropUnused();
  }

  private void newTable() throws SQLException {
    String name = "%s.%s_log_%d".formatted(AskDatabase.SCHEMA, form.name(), ++tables);
    execute(
        "CREATE TABLE %s (%s INTEGER, %s INTEGER, %s INTEGER, %s BIGINT, %s BIGINT, %s BOOLEAN, %s)"
            .formatted(name, LOAD, UNTIL, PARTITION, OFFSET, BYTES, CUT, form.definitions()));
    table = name;
    synchronized (this) {
      existing.add(name);
    }
  }

  private void append(List<Logged> rows, int next) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (DuckDBAppender out =
        AskDatabase.appender(writer, table.substring(AskDatabase.SCHEMA.length() + 1))) {
      for (Logged logged : rows) {
        out.beginRow().append(next).append(NEVER);
        out.append(logged.partition()).append(logged.offset());
        out.append(logged.row().bytes()).append(logged.row().cut());
        for (Object value : logged.row().values()) {
          AppendedValues.append(out, value);
        }
        out.endRow();
      }
    }
  }

  /** Rows that a later record repeats. The job writes the topic at least once. */
  private String repeated(int next) {
    String place = String.join(", ", TopicForm.PLACE);
    String same =
        TopicForm.PLACE.stream()
            .map(column -> "log.%1$s IS NOT DISTINCT FROM new.%1$s".formatted(column))
            .collect(Collectors.joining(" AND "));
    return """
    rowid IN (
      SELECT row FROM (
        SELECT log.rowid AS row,
          row_number() OVER (PARTITION BY %1$s ORDER BY %2$s DESC, %3$s) AS repetition
        FROM %4$s log SEMI JOIN (SELECT DISTINCT %1$s FROM %4$s WHERE %5$s = %6$d) new ON %7$s
        WHERE log.%8$s = %9$d
      )
      WHERE repetition > 1
    )\
    """
        .formatted(place, OFFSET, PARTITION, table, LOAD, next, same, UNTIL, NEVER);
  }

  /** The oldest rows of a full table. */
  private long leaveIfFull(int next) throws SQLException {
    Held held = held(visible());
    if (held.rows() <= limits.rows() && held.bytes() <= limits.bytes()) {
      return 0;
    }
    long left =
        leave(
            next,
            """
            rowid IN (
              SELECT row FROM (
                SELECT rowid AS row, row_number() OVER newest AS number,
                  sum(%1$s) OVER newest AS bytes
                FROM %2$s
                WHERE %3$s
                WINDOW newest AS (ORDER BY %4$s DESC, %5$s DESC, %6$s ROWS UNBOUNDED PRECEDING)
              )
              WHERE number > %7$d OR bytes > %8$d
            )\
            """
                .formatted(
                    BYTES,
                    table,
                    visible(),
                    form.time(),
                    OFFSET,
                    PARTITION,
                    (long) (limits.rows() * KEPT),
                    (long) (limits.bytes() * KEPT)));
    long millis =
        number(
            "SELECT epoch_ms(max(%s)) FROM %s WHERE %s = %d"
                .formatted(form.time(), table, UNTIL, next));
    skippedBefore(Instant.ofEpochMilli(millis));
    return left;
  }

  private long leave(int next, String condition) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      return statement.executeUpdate(
          "UPDATE %s SET %s = %d WHERE %s AND %s"
              .formatted(table, UNTIL, next, visible(), condition));
    }
  }

  /** Copies the visible rows where the others take more memory than they do. */
  private void compact() throws SQLException {
    Held all = held("true");
    Held seen = held(visible());
    boolean wasted =
        all.rows() - seen.rows() > Math.max(seen.rows(), limits.rows() / 4)
            || all.bytes() - seen.bytes() > Math.max(seen.bytes(), limits.bytes() / 4);
    if (wasted) {
      String from = table;
      newTable();
      execute("INSERT INTO %s SELECT * FROM %s WHERE %s".formatted(table, from, visible()));
    }
  }

  private Held held(String condition) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet sums =
            statement.executeQuery(
                "SELECT count(*), coalesce(sum(%s), 0)::BIGINT, count(*) FILTER (%s) FROM %s WHERE %s"
                    .formatted(BYTES, CUT, table, condition))) {
      sums.next();
      return new Held(sums.getLong(1), sums.getLong(2), sums.getLong(3));
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String time(Instant time) {
    return "make_timestamptz(%d)".formatted(time.toEpochMilli() * 1000);
  }

  /** Forgets all rows, since the topic is another one or is gone. Cuts keep theirs. */
  void clear() throws SQLException {
    table = "";
    load++;
    full = Instant.MIN;
    foreign = 0;
    dropUnused();
  }

  /**
   * A cut of all loads, which the caller uses and must {@link #release}.
   *
   * @param from the oldest time that the table may have
   */
  TopicCut cut(Instant from) throws SQLException {
    Held held = held(visible());
    return publish(new TopicCut(form, table, load, held.rows(), held.bytes(), bound(held, from)));
  }

  /** A cut without rows. */
  TopicCut none(String bound) throws SQLException {
    clear();
    newTable();
    return publish(new TopicCut(form, table, load, 0, 0, bound));
  }

  private synchronized TopicCut publish(TopicCut cut) {
    newest = cut;
    return cut;
  }

  /** Uses a cut, unless a newer one has replaced it. */
  synchronized boolean use(TopicCut cut) {
    if (cut != newest && cut.users == 0) {
      return false;
    }
    cut.users++;
    used.add(cut);
    return true;
  }

  /** Ends a use. */
  synchronized void release(TopicCut cut) {
    cut.users--;
    if (cut.users == 0) {
      used.remove(cut);
    }
  }

  private String bound(Held held, Instant from) {
    StringBuilder text = new StringBuilder(form.name()).append(": ");
    if (full.isBefore(from)) {
      text.append(
          String.format(
              Locale.ROOT, "the last %d h, %,d rows.", limits.age().toHours(), held.rows()));
    } else {
      text.append(
          String.format(
              Locale.ROOT,
              "the last %,d rows, after %s. At most %,d rows and %,d MB are held.",
              held.rows(),
              full,
              limits.rows(),
              limits.bytes() >> 20));
    }
    if (held.cut() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " Of %,d rows, original has the first %d KB only.",
              held.cut(),
              TopicForm.LONGEST_BYTES >> 10));
    }
    if (foreign > 0) {
      text.append(
          String.format(Locale.ROOT, " %,d records of another form were left out.", foreign));
    }
    return text.toString();
  }

  /** Drops tables that no cut names. */
  private void dropUnused() throws SQLException {
    Set<String> dropped = new HashSet<>();
    synchronized (this) {
      dropped.addAll(existing);
      dropped.remove(table);
      used.forEach(cut -> dropped.remove(cut.table()));
      TopicCut last = newest;
      if (last != null) {
        dropped.remove(last.table());
      }
      existing.removeAll(dropped);
    }
    for (String name : dropped) {
      execute("DROP TABLE IF EXISTS " + name);
    }
  }

  /** Closes the connection of the writer. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "DuckDB did not close table %s: %s".formatted(form.name(), e.getMessage()), e);
    }
  }
}
