package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.slf4j.LoggerFactory;

/** Flink's JDBC driver, in a class loader of its own as in a client's program. */
final class JdbcClient {
  private static final Path BUNDLE =
      Path.of("target", "jdbc", "flink-sql-jdbc-driver-bundle.jar").toAbsolutePath();

  private JdbcClient() {}

  /** Asks with one statement of a connection. */
  interface Question<T> {
    T ask(Statement statement) throws Exception;
  }

  /** The single number of a query's answer. */
  static long number(int gatewayPort, String query) throws Exception {
    return inMode(
        gatewayPort,
        "batch",
        statement -> {
          try (ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
              throw new AssertionError("No row for " + query);
            }
            return rows.getLong(1);
          }
        });
  }

  /** The rows of a statement that is no query, such as CALL; absent values are "null". */
  static List<List<String>> rows(int gatewayPort, String mode, String text) throws Exception {
    return inMode(
        gatewayPort,
        mode,
        statement -> {
          assertThat(statement.execute(text)).as("%s has a result", text).isTrue();
          List<List<String>> all = new ArrayList<>();
          try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
              List<String> row = new ArrayList<>();
              for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.add(String.valueOf(rows.getObject(i)));
              }
              all.add(row);
            }
          }
          return all;
        });
  }

  /** What a tool with a tree of tables asks first: the databases, as CATALOG.DATABASE. */
  static List<String> databases(int gatewayPort) throws Exception {
    return inMode(
        gatewayPort,
        "batch",
        statement -> {
          List<String> all = new ArrayList<>();
          try (ResultSet rows = statement.getConnection().getMetaData().getSchemas()) {
            while (rows.next()) {
              all.add(rows.getString("TABLE_CATALOG") + "." + rows.getString("TABLE_SCHEM"));
            }
          }
          return all;
        });
  }

  private static <T> T inMode(int gatewayPort, String mode, Question<T> question) throws Exception {
    try (URLClassLoader alone =
            new URLClassLoader(
                new URL[] {
                  BUNDLE.toUri().toURL(),
                  LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation()
                },
                ClassLoader.getPlatformClassLoader());
        Connection connection = connect(alone, gatewayPort);
        Statement statement = connection.createStatement()) {
      statement.execute("SET 'execution.runtime-mode' = '%s'".formatted(mode));
      return question.ask(statement);
    }
  }

  private static Connection connect(ClassLoader alone, int gatewayPort) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(alone);
    try {
      Driver driver =
          (Driver)
              alone
                  .loadClass("org.apache.flink.table.jdbc.FlinkDriver")
                  .getDeclaredConstructor()
                  .newInstance();
      return driver.connect("jdbc:flink://127.0.0.1:" + gatewayPort, new Properties());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
