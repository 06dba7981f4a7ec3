package io.nova.cli;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.slf4j.LoggerFactory;

/** Flink's JDBC driver, in a class loader of its own as in a client's program. */
final class JdbcClient {
  private static final Path BUNDLE =
      Path.of("target", "jdbc", "flink-sql-jdbc-driver-bundle.jar").toAbsolutePath();

  private JdbcClient() {}

  /** The single number of a query's answer. */
  static long number(int gatewayPort, String query) throws Exception {
    try (URLClassLoader alone =
            new URLClassLoader(
                new URL[] {
                  BUNDLE.toUri().toURL(),
                  LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation()
                },
                ClassLoader.getPlatformClassLoader());
        Connection connection = connect(alone, gatewayPort);
        Statement statement = connection.createStatement()) {
      statement.execute("SET 'execution.runtime-mode' = 'batch'");
      try (ResultSet rows = statement.executeQuery(query)) {
        if (!rows.next()) {
          throw new AssertionError("No row for " + query);
        }
        return rows.getLong(1);
      }
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
