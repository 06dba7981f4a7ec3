package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.iceberg.CatalogAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of a job whose table a database registers. */
class JdbcCatalogITCase {
  private static final String PASSWORD = "geheim";

  @TempDir private Path folder;
  private final TestEvents events = new TestEvents(23);
  private final List<Record> admitted = new ArrayList<>();
  private String uri;
  private Path properties;
  private TestJob job;

  @BeforeEach
  void start() throws Exception {
    uri = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    properties = folder.resolve("catalog.properties");
    Files.writeString(properties, "jdbc.user=nova\njdbc.password=" + PASSWORD + "\n");
    job =
        new TestJob(
            CatalogAddress.of(
                "nova.catalog.",
                folder.resolve("lake").toUri().toString(),
                Map.of("type", "jdbc", "uri", uri, "properties-file", properties.toString())),
            "");
  }

  @AfterEach
  void stop() {
    job.close();
  }

  private EmbeddedSql open(String more) {
    return EmbeddedSql.batch(
        job.location(),
        JobQueries.OPTIONS
            + ", 'catalog.type' = 'jdbc', 'catalog.uri' = '%s'%s".formatted(uri, more));
  }

  private EmbeddedSql open() {
    return open(", 'catalog.properties-file' = '" + properties + "'");
  }

  private void admit(String from, int count) {
    List<Record> rows = events.uploaded(from, 1, count);
    admitted.addAll(rows);
    job.admit(rows);
  }

  private List<String> ids() {
    return admitted.stream().map(row -> (String) row.getField("insert_id")).sorted().toList();
  }

  private static List<String> found(EmbeddedSql sql, String select) {
    return sql.query(select).stream().map(row -> (String) row.getField(0)).sorted().toList();
  }

  @Test
  void eachEventIsThereOnceWhereverItIs() {
    EmbeddedSql sql = open();
    admit("2026-11-20T23:30:00Z", 300);
    assertThat(found(sql, "SELECT insert_id FROM events")).isEqualTo(ids());
    job.seal();
    job.commit();
    assertThat(found(sql, "SELECT insert_id FROM events")).isEqualTo(ids());
    job.seeTable();
    job.merge();
    admit("2026-11-21T00:30:00Z", 50);
    assertThat(found(sql, "SELECT insert_id FROM events")).isEqualTo(ids());
    assertThat(found(sql, "SELECT insert_id FROM events /*+ OPTIONS('read' = 'committed') */"))
        .hasSize(300);
    assertThat(sql.one("SELECT SUM(row_count) FROM chunks")).isEqualTo(Row.of(300L));
    assertThat(sql.one("SELECT SUM(live_rows) FROM `freshness`")).isEqualTo(Row.of(50L));
  }

  @Test
  void aClosedBatchIsHandedOff() {
    EmbeddedSql sql = open();
    admit("2026-11-20T10:00:00Z", 100);
    admit("2026-11-21T10:00:00Z", 20);
    job.closeUpTo(20_777, "ops");
    job.completeClosed(20_777, Instant.parse("2026-11-21T11:00:00Z"));

    admitted.removeIf(row -> (Long) row.getField("batch_number") <= 20_777);
    assertThat(ids()).hasSize(20);
    assertThat(found(sql, "SELECT insert_id FROM events")).isEqualTo(ids());
  }

  @Test
  void noStatementShowsTheSecretsOfTheFile() {
    EmbeddedSql sql = open();

    for (String shown :
        List.of(
            "SHOW CREATE CATALOG nova",
            "DESCRIBE CATALOG EXTENDED nova",
            "SHOW CREATE TABLE nova.nova.events")) {
      assertThat(sql.query(shown).toString()).doesNotContain(PASSWORD);
    }
    assertThat(sql.query("SHOW CREATE TABLE nova.nova.events").toString()).doesNotContain(uri);
  }

  @Test
  void aSecretAmongTheOptionsOfTheCatalogIsRefused() {
    assertThatThrownBy(() -> open(", 'catalog.jdbc.password' = '" + PASSWORD + "'"))
        .hasStackTraceContaining("Option 'catalog.jdbc.password': found a secret")
        .hasStackTraceContaining("catalog.properties-file")
        .satisfies(
            e -> {
              for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                assertThat(String.valueOf(cause.getMessage())).doesNotContain(PASSWORD);
              }
            });
  }

  @Test
  void aCatalogThatDoesNotAnswerIsNamed() {
    assertThatThrownBy(
            () ->
                EmbeddedSql.batch(
                    "w", ", 'catalog.type' = 'jdbc', 'catalog.uri' = 'jdbc:none://h/d'"))
        .hasStackTraceContaining("Catalog jdbc of warehouse w cannot be opened")
        .hasStackTraceContaining("JDBC driver");
  }
}
