package io.nova.console.view;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** An engine over tables that a test fills by SQL. Not for users: nothing is locked down. */
public final class DemoEngine implements AskEngine {
  private static final int INTERRUPTS = 100;
  private static final long INTERRUPT_MILLIS = 20;

  private static final String TABLES =
      """
      CREATE TABLE events (event_type VARCHAR, "user" VARCHAR, user_id VARCHAR,
        event_properties VARCHAR, upload_time TIMESTAMPTZ, event_time TIMESTAMPTZ, app BIGINT,
        amplitude_id BIGINT, device_id VARCHAR, insert_id VARCHAR, uuid VARCHAR, library VARCHAR,
        platform VARCHAR, country VARCHAR, session_id BIGINT, kafka_topic VARCHAR,
        kafka_partition INTEGER, kafka_offset BIGINT,
        kafka_index INTEGER DEFAULT 0);
      CREATE TABLE freshness (shard INTEGER, kafka_partition INTEGER,
        newest_upload_time TIMESTAMPTZ, newest_event_time TIMESTAMPTZ, live_rows BIGINT,
        live_bytes BIGINT, sealed_blocks BIGINT);
      CREATE TABLE blocks (batch_number BIGINT, shard INTEGER, interval_start TIMESTAMPTZ,
        state VARCHAR, row_count BIGINT, size_bytes BIGINT, "sequence" BIGINT, file VARCHAR,
        completed BOOLEAN);
      CREATE TABLE chunks (file VARCHAR, batch_number BIGINT, row_count BIGINT, size_bytes BIGINT,
        min_upload_time TIMESTAMPTZ, max_upload_time TIMESTAMPTZ, completed BOOLEAN);
      CREATE TABLE batches (batch VARCHAR, batch_number BIGINT, from_time TIMESTAMPTZ,
        to_time TIMESTAMPTZ, state VARCHAR, row_count BIGINT, file_count BIGINT,
        size_bytes BIGINT);
      CREATE TABLE snapshots (committed_at TIMESTAMPTZ, snapshot_id BIGINT);
      CREATE TABLE rejected (reason VARCHAR, detail VARCHAR, kafka_topic VARCHAR,
        kafka_partition INTEGER, kafka_offset BIGINT,
        kafka_index INTEGER DEFAULT 0, rejected_at TIMESTAMPTZ, original BLOB);
      CREATE TABLE duplicates (app VARCHAR, identity VARCHAR, kind VARCHAR,
        upload_time TIMESTAMPTZ, kafka_topic VARCHAR, kafka_partition INTEGER, kafka_offset BIGINT,
        kafka_index INTEGER DEFAULT 0,
        gap_blocks BIGINT, dropped_at TIMESTAMPTZ);
      """;

  private final Connection connection;
  private final Map<String, Statement> running = new ConcurrentHashMap<>();
  private volatile @Nullable String away;
  private volatile @Nullable String silent;

  public DemoEngine() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    run("SET TimeZone = 'UTC'");
    run(TABLES);
  }

  /** Changes the tables. */
  public void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes the store unavailable for this reason; null makes it available again. */
  public void away(@Nullable String reason) {
    away = reason;
  }

  /** Makes live questions fail for this reason. Questions about the snapshot go on. */
  public void silent(String reason) {
    silent = reason;
  }

  @Override
  public Answer ask(Question question) throws AskException {
    String reason = away == null && question.live() ? silent : away;
    if (reason != null) {
      throw new AskException(AskException.Kind.UNAVAILABLE, reason);
    }
    long start = System.nanoTime();
    try (Connection mine = connection.unwrap(DuckDBConnection.class).duplicate();
        Statement statement = mine.createStatement()) {
      running.put(question.id(), statement);
      try (ResultSet result = statement.executeQuery(question.sql())) {
        return answer(result, question.maxRows(), (System.nanoTime() - start) / 1_000_000);
      }
    } catch (SQLException e) {
      boolean cancelled = String.valueOf(e.getMessage()).contains("INTERRUPT");
      throw new AskException(
          cancelled ? AskException.Kind.CANCELLED : AskException.Kind.STATEMENT,
          cancelled ? "The statement was cancelled." : String.valueOf(e.getMessage()));
    } finally {
      running.remove(question.id());
    }
  }

  private static Answer answer(ResultSet result, int most, long millis) throws SQLException {
    List<Answer.Column> columns = new ArrayList<>();
    int width = result.getMetaData().getColumnCount();
    for (int i = 1; i <= width; i++) {
      columns.add(
          new Answer.Column(
              result.getMetaData().getColumnName(i), result.getMetaData().getColumnTypeName(i)));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean more = result.next();
    while (more && rows.size() < most) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= width; i++) {
        row.add(plain(result.getObject(i)));
      }
      rows.add(row);
      more = result.next();
    }
    return new Answer(
        columns, rows, more, List.of(), millis, 9_018_076, 6_300_000, "{}", List.of());
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }

  /** DuckDB may miss an interrupt between two steps of a statement, so there are several. */
  @Override
  public void cancel(String id) {
    try {
      Statement statement = running.get(id);
      for (int i = 0; i < INTERRUPTS && statement != null; i++) {
        statement.cancel();
        Thread.sleep(INTERRUPT_MILLIS);
        statement = running.get(id);
      }
    } catch (SQLException ended) {
      throw new IllegalStateException(ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
