package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** A cluster whose table a REST catalog registers. The server runs in this process. */
@Tag("soak")
class CatalogITCase {
  private static final String FIRST_HOUR = "2026-11-21T10:00Z";
  private static final TableIdentifier EVENTS = TableIdentifier.of("nova", "events");

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
        session.execute(createCatalog(nova, server), RowPrinter.NOWHERE);
        closesTheFirstHour(session);
        assertThat(ids(session)).isEqualTo(ids(0, 180));
        assertThat(idsOfTag(client)).isEqualTo(ids(0, 60));
        assertThat(faults.isWaiting()).as("a swap's answer was lost").isFalse();

        String savepoint = nova.stop(false);
        nova.submit(options, Optional.of(savepoint), 1);
        send(nova, MinuteEvents.of(180, 240));
        assertThat(ids(session)).isEqualTo(ids(0, 240));
      }
      nova.stop(true);
      assertThat(nova.restores()).as("only the savepoint").isLessThanOrEqualTo(1);
      Verdict verdict = nova.judge(metadataFile(client), Duration.ofHours(1));
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.admitted()).isEqualTo(4 * MinuteEvents.AN_HOUR);
    }
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

  private static String createCatalog(ProcessCluster nova, RestCatalogServer server) {
    return "CREATE CATALOG lake WITH ('type' = 'nova', 'warehouse' = 'analytics', 'catalog.type' = 'rest', 'catalog.uri' = '%s', 'kafka.bootstrap-servers' = '%s', 'procedures' = 'all')"
        .formatted(server.uri(), nova.processes().bootstrapServers());
  }

  private static void closesTheFirstHour(SqlSession session) {
    JsonNode closed =
        ProcessCluster.ask(session, "CALL lake.sys.close_batch('" + FIRST_HOUR + "')").get(0);
    assertThat(closed.get(1).asText()).isEqualTo("closed");
  }

  private static List<String> ids(SqlSession session) {
    return ProcessCluster.ask(session, "SELECT insert_id FROM lake.nova.events").stream()
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

  /** By Iceberg's own catalog and reader, as another engine does. */
  private static List<String> idsOfTag(RESTCatalog client) throws IOException {
    Table table = client.loadTable(EVENTS);
    long batch = MinuteEvents.TEN.getEpochSecond() / 3600;
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(table.snapshot("batch-" + batch).snapshotId())
            .select("insert_id")
            .build()) {
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
