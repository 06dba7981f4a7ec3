package io.nova.console.chart;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events in a DuckDB in memory, as the fast path has them. */
final class ChartStore implements AutoCloseable {
  private final Connection duck;

  private ChartStore(Connection duck) {
    this.duck = duck;
  }

  /** Each event is uploaded a second after its time. */
  static ChartStore of(List<ChartEvent> events) throws SQLException {
    return of(events, Instant.MAX);
  }

  /** The same, but no event is uploaded after {@code latest}. */
  static ChartStore of(List<ChartEvent> events, Instant latest) throws SQLException {
    Connection duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET threads = 2");
      statement.execute(
          """
          CREATE TABLE events (
            event_time TIMESTAMPTZ, upload_time TIMESTAMPTZ, event_type VARCHAR, "user" VARCHAR,
            amplitude_id BIGINT, user_id VARCHAR, device_id VARCHAR, country VARCHAR,
            platform VARCHAR, session_id BIGINT, app BIGINT, event_properties VARCHAR,
            kafka_topic VARCHAR, kafka_partition INTEGER, kafka_offset BIGINT,
            kafka_index INTEGER)""");
    }
    insert(duck, events, latest);
    return new ChartStore(duck);
  }

  private static void insert(Connection duck, List<ChartEvent> events, Instant latest)
      throws SQLException {
    try (PreparedStatement insert =
        duck.prepareStatement(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'Web', 7, 1, ?, 'events', 0, ?, 0)")) {
      long offset = 0;
      for (ChartEvent event : events) {
        insert.setObject(1, at(event.time()));
        Instant upload = event.time().plus(Duration.ofSeconds(1));
        insert.setObject(2, at(upload.isBefore(latest) ? upload : latest));
        insert.setObject(3, event.type());
        insert.setObject(4, ChartOracle.user(event).map(ChartOracle.User::id).orElse(null));
        insert.setObject(5, event.amplitudeId());
        insert.setObject(6, event.userId());
        insert.setObject(7, event.deviceId());
        insert.setObject(8, event.country());
        insert.setObject(9, event.json());
        insert.setLong(10, offset++);
        insert.addBatch();
      }
      if (offset > 0) {
        insert.executeBatch();
      }
    }
  }

  private static OffsetDateTime at(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** The rows of a chart, each as one text. */
  List<String> rows(String form) throws SQLException {
    return query(ChartForms.sql(form));
  }

  /** The rows of a statement, each as one text. */
  List<String> query(String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int column = 1; column <= width; column++) {
          row.add(result.getObject(column));
        }
        rows.add(row(row));
      }
      return rows;
    } catch (SQLException e) {
      throw new SQLException("%s%n%s".formatted(e.getMessage(), sql), e);
    }
  }

  /** A row as one text: nothing for NULL, doubles with six digits, times in UTC. */
  static String row(List<@Nullable Object> values) {
    return String.join("|", values.stream().map(ChartStore::text).toList());
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Double number) {
      return "%.6f".formatted(number);
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant().toString();
    }
    return Optional.ofNullable(value).map(Object::toString).orElse("");
  }

  @Override
  public void close() throws SQLException {
    duck.close();
  }
}
