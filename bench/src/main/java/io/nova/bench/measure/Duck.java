package io.nova.bench.measure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** DuckDB in this process, with two threads and times in UTC. */
public final class Duck {
  private Duck() {}

  /** A database in memory. */
  public static Connection open() throws SQLException {
    Connection duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute("SET TimeZone = 'UTC'");
    }
    return duck;
  }

  /** Its version, such as v1.4.1. */
  public static String version() {
    try (Connection duck = open()) {
      return duck.getMetaData().getDatabaseProductVersion();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
    }
  }

  /** Parquet files as a table of DuckDB's SQL. */
  public static String parquet(List<Path> files) {
    return files.stream()
        .map(file -> "'%s'".formatted(file.toString().replace("'", "''")))
        .collect(Collectors.joining(", ", "read_parquet([", "])"));
  }
}
