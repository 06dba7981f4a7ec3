package io.nova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.input.Message;
import io.nova.send.Pace;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Live answers through the gateway's REST and through Flink's JDBC driver, and who fails how. */
class LiveClientsITCase {
  private static final String COUNT = "SELECT COUNT(*) FROM nova.nova.events";
  private static final Path DRIVER =
      Path.of("target", "jdbc", "flink-sql-jdbc-driver-bundle.jar").toAbsolutePath();

  private TestCluster nova;

  @Test
  void everyClientSeesWhatIsInMemoryAtAnyParallelismAndIsToldWhereNobodyServesIt()
      throws Exception {
    try (TestCluster cluster = TestCluster.start("clients")) {
      nova = cluster;
      nova.submit(Optional.empty(), 2);
      List<Message> day = TestCluster.generated(6_000);
      nova.send(day.subList(0, 3_000), Pace.UNPACED);
      nova.awaitAllDecided();
      long admitted = nova.figures().admitted();
      nova.await("a live answer has them", () -> count("") == admitted);

      assertThat(byJdbc()).isEqualTo(admitted);
      assertThat(count("'read'='committed'")).isLessThan(admitted);
      assertThat(freshRows()).isPositive();

      String savepoint = nova.stop(false);
      long committed = count("'read'='committed'");
      assertThatThrownBy(() -> count("'live.wait'='1 s'"))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("key groups 0-63")
          .hasMessageContaining("completeness");
      assertThat(count("'live.wait'='1 s','completeness'='available'")).isEqualTo(committed);

      nova.submit(Optional.of(savepoint), 3);
      nova.await("the same after scaling out", () -> count("") == admitted);
      nova.send(day.subList(3_000, 6_000), Pace.UNPACED);
      nova.awaitAllDecided();
      long all = nova.figures().admitted();
      nova.await("a live answer has the rest", () -> count("") == all);
      savepoint = nova.stop(false);

      nova.submit(Optional.of(savepoint), 1);
      nova.await("the same after scaling in", () -> count("") == all);
      nova.stop(true);
      assertThat(count("")).isEqualTo(all);
      assertThat(nova.judge().holds()).isTrue();
    }
  }

  private long count(String hints) {
    String options = hints.isEmpty() ? "" : " /*+ OPTIONS(" + hints + ") */";
    return nova.ask(COUNT + options).get(0).get(0).asLong();
  }

  private long freshRows() {
    return nova.ask("SELECT SUM(live_rows) FROM `freshness`").get(0).get(0).asLong();
  }

  /** The driver brings classes of Flink's own, so it stays by itself. */
  private long byJdbc() throws Exception {
    try (URLClassLoader alone =
            new URLClassLoader(
                new URL[] {
                  DRIVER.toUri().toURL(),
                  LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation()
                },
                ClassLoader.getPlatformClassLoader());
        Connection connection = connect(alone);
        Statement statement = connection.createStatement()) {
      statement.execute("SET 'execution.runtime-mode' = 'batch'");
      try (ResultSet rows = statement.executeQuery(COUNT)) {
        assertThat(rows.next()).isTrue();
        return rows.getLong(1);
      }
    }
  }

  private Connection connect(ClassLoader alone) throws Exception {
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
      int port = nova.processes().options().ports().gateway();
      return driver.connect("jdbc:flink://127.0.0.1:" + port, new Properties());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
