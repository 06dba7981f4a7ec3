package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.fixtures.SwapFaults;
import io.nova.fixtures.SwapFaults.Fault;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RestCatalogServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose table a server registers: a REST catalog, or a database. Both run here. */
@Tag("soak")
class CatalogITCase {
  private static final String FIRST_HOUR = "2026-11-21T10:00Z";
  private static final TableIdentifier EVENTS = TableIdentifier.of("nova", "events");

  @TempDir private Path folder;
  private final SwapFaults faults = new SwapFaults();

  @Test
  void theJobAndSqlAndIcebergReadTheSameRowsOfARestCatalog() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("catalog");
        JdbcCatalog behind = behind(nova);
        RestCatalogServer server = RestCatalogServer.start(behind, faults);
        RESTCatalog client = client(server)) {
      List<String> options =
          MinuteEvents.hoursClosedOnRequest(
              "--nova.catalog.type",
              "rest",
              "--nova.catalog.uri",
              server.uri(),
              "--nova.warehouse",
              "analytics");
      nova.submit(options, Optional.empty(), 2);
      send(nova, MinuteEvents.of(0, 180));
      faults.next(Fault.DONE_THEN_ASKED_AGAIN);

      try (SqlSession session = nova.processes().sql().open()) {
        session.execute(createCatalog(nova, "analytics", "rest", server.uri()), RowPrinter.NOWHERE);
        closesTheFirstHour(session);
        assertThat(ids(session, "events")).isEqualTo(ids(0, 180));
        assertThat(ids(tag(client.loadTable(EVENTS)))).isEqualTo(ids(0, 60));
        assertThat(faults.isWaiting()).as("a swap's answer was lost").isFalse();

        String savepoint = nova.stop(false);
        nova.submit(options, Optional.of(savepoint), 1);
        send(nova, MinuteEvents.of(180, 240));
        assertThat(ids(session, "events")).isEqualTo(ids(0, 240));
      }
      nova.stop(true);
      assertThat(nova.restores()).as("only the savepoint").isLessThanOrEqualTo(1);
      Verdict verdict = nova.judge(metadataFile(client), Duration.ofHours(1));
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.admitted()).isEqualTo(4 * MinuteEvents.AN_HOUR);
    }
  }

  /** The database gives no password, so the script of the batch layer may show its address. */
  @Test
  void aJobOnADatabaseIsHandedOffByCommands() throws Exception {
    try (DatabaseServer database = DatabaseServer.start(folder);
        ProcessCluster nova = ProcessCluster.start("database", withDriver(), Set.of())) {
      String warehouse = folder.resolve("lake").toUri().toString();
      List<String> options =
          MinuteEvents.hoursClosedOnRequest(
              "--nova.catalog.type",
              "jdbc",
              "--nova.catalog.uri",
              database.uri(),
              "--nova.warehouse",
              warehouse);
      nova.submit(options, Optional.empty(), 2);
      send(nova, MinuteEvents.of(0, 90));
      killATaskManager(nova);
      send(nova, MinuteEvents.of(80, 120));

      FolderCommands commands = new FolderCommands(nova, catalogOf(database, warehouse));
      assertThat(commands.run("batch", "close", FIRST_HOUR)).contains("closed");
      assertThat(commands.run("batch", "audit", FIRST_HOUR)).contains("240");
      assertThat(commands.run("batch", "run", FIRST_HOUR)).contains("completed");
      assertThat(commands.run("batch", "list")).contains(FIRST_HOUR, "completed");
      try (JdbcCatalog client = database.client(warehouse)) {
        Table events = client.loadTable(EVENTS);
        Table loaded = client.loadTable(TableIdentifier.of("nova", "batch_events"));
        assertThat(rows(IcebergGenerics.read(loaded).build()))
            .hasSize((int) MinuteEvents.AN_HOUR)
            .isEqualTo(rows(tag(events).build()));
      }
      try (SqlSession session = nova.processes().sql().open()) {
        session.execute(createCatalog(nova, warehouse, "jdbc", database.uri()), RowPrinter.NOWHERE);
        assertThat(ids(session, "events")).isEqualTo(ids(60, 120));
        assertThat(ids(session, "lambda_events")).isEqualTo(ids(0, 120));
      }

      String savepoint = nova.stop(false);
      nova.submit(options, Optional.of(savepoint), 1);
      send(nova, MinuteEvents.of(120, 180));
      nova.stop(true);
      try (JdbcCatalog client = database.client(warehouse)) {
        assertThat(ids(IcebergGenerics.read(client.loadTable(EVENTS)))).isEqualTo(ids(0, 180));
      }
    }
  }

  private static List<String> catalogOf(DatabaseServer database, String warehouse) {
    return List.of(
        "--warehouse", warehouse, "--catalog", "type=jdbc", "--catalog", "uri=" + database.uri());
  }

  private Distribution withDriver() throws Exception {
    return ChangedDistribution.with(
        folder.resolve("distribution"),
        List.of(DatabaseServer.driver()),
        List.of(),
        List.of(),
        config -> config);
  }

  private static void killATaskManager(ProcessCluster nova) {
    int restores = nova.restores();
    nova.processes().killTaskManager(1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    nova.awaitRunning();
  }

  /** All columns of all rows, sorted. */
  private static List<String> rows(CloseableIterable<Record> read) throws IOException {
    List<String> rows = new ArrayList<>();
    try (read) {
      read.forEach(row -> rows.add(row.toString()));
    }
    rows.sort(null);
    return rows;
  }

  private static JdbcCatalog behind(ProcessCluster nova) {
    Path lake = nova.processes().options().folder().warehouse().resolve("lake").toAbsolutePath();
    return (JdbcCatalog)
        catalog(
            JdbcCatalog.class,
            Map.of(
                "uri", "jdbc:h2:mem:lake;DB_CLOSE_DELAY=-1", "warehouse", lake.toUri().toString()));
  }

  private static RESTCatalog client(RestCatalogServer server) {
    return (RESTCatalog) catalog(RESTCatalog.class, Map.of("uri", server.uri()));
  }

  private static Catalog catalog(Class<?> type, Map<String, String> properties) {
    return CatalogUtil.loadCatalog(type.getName(), "test", properties, new Configuration());
  }

  private static void send(ProcessCluster nova, List<Message> messages) {
    nova.send(messages, Pace.UNPACED);
    nova.awaitAllDecided();
  }

  private static String createCatalog(
      ProcessCluster nova, String warehouse, String type, String uri) {
    return "CREATE CATALOG lake WITH ('type' = 'nova', 'warehouse' = '%s', 'catalog.type' = '%s', 'catalog.uri' = '%s', 'kafka.bootstrap-servers' = '%s', 'procedures' = 'all')"
        .formatted(warehouse, type, uri, nova.processes().bootstrapServers());
  }

  private static void closesTheFirstHour(SqlSession session) {
    JsonNode closed =
        ProcessCluster.ask(session, "CALL lake.sys.close_batch('" + FIRST_HOUR + "')").get(0);
    assertThat(closed.get(1).asText()).isEqualTo("closed");
  }

  private static List<String> ids(SqlSession session, String table) {
    return ProcessCluster.ask(session, "SELECT insert_id FROM lake.nova." + table).stream()
        .map(row -> row.get(0).asText())
        .sorted()
        .toList();
  }

  /** The ids of the events that were sent in some minutes. */
  private static List<String> ids(int fromMinute, int toMinute) {
    return IntStream.range(fromMinute, toMinute)
        .boxed()
        .flatMap(minute -> Stream.of(0, 1, 2, 3).map(p -> "e%d-%d".formatted(minute, p)))
        .sorted()
        .toList();
  }

  /** The first hour by Iceberg's own reader, as another engine reads it. */
  private static IcebergGenerics.ScanBuilder tag(Table table) {
    long batch = MinuteEvents.TEN.getEpochSecond() / 3600;
    return IcebergGenerics.read(table).useSnapshot(table.snapshot("batch-" + batch).snapshotId());
  }

  private static List<String> ids(IcebergGenerics.ScanBuilder scan) throws IOException {
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows = scan.select("insert_id").build()) {
      rows.forEach(row -> ids.add((String) row.getField("insert_id")));
    }
    return ids.stream().sorted().toList();
  }

  private static String metadataFile(RESTCatalog client) {
    return ((HasTableOperations) client.loadTable(EVENTS))
        .operations()
        .current()
        .metadataFileLocation();
  }
}
