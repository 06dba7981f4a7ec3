package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user's statement cannot do, by the check of statements and by DuckDB itself. */
class LockDownTest {
  @TempDir private static Path folder;
  private static AskedJob asked;

  @BeforeAll
  static void start() {
    asked = new AskedJob(folder);
    asked.admit(AskedJob.DAY_2, 20);
  }

  @AfterAll
  static void stop() {
    asked.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO events SELECT * FROM events",
        "CREATE TABLE t AS SELECT 1",
        "CREATE OR REPLACE TEMP VIEW events AS SELECT 1",
        "DROP VIEW events",
        "UPDATE events SET app = 1",
        "DELETE FROM events",
        "COPY (SELECT 1) TO '/tmp/nova-ask-out.csv'",
        "ATTACH '/tmp/nova-ask.db'",
        "PRAGMA database_list",
        "SET memory_limit = '100GB'",
        "RESET memory_limit",
        "USE nova",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CALL pragma_version()",
        "EXPLAIN SELECT 1",
        "CHECKPOINT",
        "EXPORT DATABASE '/tmp/nova-ask-export'",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW events",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_parquet('x.parquet')",
        "SELECT * FROM parquet_metadata('x.parquet')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'x.parquet'",
        "WITH \"x.parquet\" AS (SELECT 1) SELECT * FROM \"x.parquet\"",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM duckdb_tables",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM sqlite_master",
        "SELECT sql FROM duckdb_views WHERE EXISTS (WITH duckdb_views AS (SELECT 1) SELECT 1)",
        "WITH duckdb_views AS (SELECT sql FROM duckdb_views) SELECT * FROM duckdb_views",
        "WITH a AS (SELECT sql FROM sqlite_master), sqlite_master AS (SELECT 1) SELECT * FROM a",
        "WITH RECURSIVE duckdb_views AS (SELECT sql FROM duckdb_views UNION ALL SELECT sql FROM"
            + " duckdb_views WHERE false) SELECT * FROM duckdb_views",
        "SELECT pg_get_viewdef(i) FROM range(5000) t(i)",
        "SELECT pg_get_constraintdef(i) FROM range(5000) t(i)",
        "SELECT * FROM nova.rows_1",
        "SELECT * FROM memory.nova.rows_1",
        "SELECT * FROM store.nova.rows_1",
        "SELECT * FROM rows_1",
        "WITH \"duc\u212Adb_views\" AS (SELECT 1) SELECT sql FROM duckdb_views",
        "SELECT (SELECT count(*) FROM nova.rows_1)",
        "SELECT * FROM events WHERE app IN (SELECT nova_part FROM nova.rows_1)",
        "SELECT * FROM query('SELECT * FROM nova.rows_1')",
        "SELECT * FROM query_table('events')",
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "DESCRIBE nova.rows_1",
        "SUMMARIZE nova.rows_1",
        "VALUES (getenv('HOME'))",
        "",
        "SELEC 1"
      })
  void statementIsRefused(String sql) {
    assertThatThrownBy(() -> asked.ask(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STATEMENT))
        .hasMessageNotContaining("root:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM events",
        "FROM events SELECT count(*)",
        "SELECT count(*) FROM EVENTS;",
        "WITH e AS (SELECT * FROM events) SELECT count(*) FROM e",
        "WITH events AS (SELECT * FROM events) SELECT count(*) FROM events",
        "WITH events AS (SELECT * FROM events WHERE app IS NOT NULL), e AS (SELECT * FROM events)"
            + " SELECT count(*) FROM e",
        "WITH a AS (WITH events AS (SELECT 1) SELECT * FROM events) SELECT count(*) FROM events",
        "WITH RECURSIVE events(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM events WHERE i < 20)"
            + " SELECT count(*) FROM events",
        "WITH a AS (SELECT * FROM events), b AS (SELECT * FROM a) SELECT (SELECT count(*) FROM b)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT"
            + " count(*) FROM n",
        "WITH a AS MATERIALIZED (SELECT * FROM events) SELECT count(*) FROM a",
        "WITH duckdb_views AS (SELECT 20 AS sql) SELECT sql::BIGINT FROM (SELECT sql FROM"
            + " duckdb_views) AS duckdb_views",
        "SELECT count(*) FROM events a JOIN events b USING (insert_id)",
        "SELECT count(*) FROM range(20)",
        "SELECT sum(c)::BIGINT FROM (SELECT count(*) c FROM events GROUP BY event_type)",
        "SELECT count(*) FROM events WHERE json_extract_string(event_properties, '$.price') IS NOT"
            + " NULL",
        "SELECT count(*) FROM events, (VALUES (1)) v(x)",
        "SELECT sum(n)::BIGINT FROM (SELECT date_trunc('hour', upload_time) h, count(*) n FROM"
            + " events GROUP BY ALL)"
      })
  void questionIsAnswered(String sql) throws AskException {
    assertThat(asked.one(sql)).isEqualTo(20L);
  }

  @Test
  void columnsCanBeDescribed() throws AskException {
    assertThat(asked.ask("DESCRIBE SELECT * FROM events").rows())
        .extracting(row -> row.get(0) + " " + row.get(1))
        .contains("upload_time TIMESTAMP WITH TIME ZONE", "read_token VARCHAR")
        .doesNotContain("fingerprint VARCHAR");
    assertThat(asked.ask("DESCRIBE events").rows()).hasSizeGreaterThan(60);
  }

  @Test
  void timesAreInUtc() throws AskException {
    assertThat(asked.one("SELECT TIMESTAMPTZ '2026-11-20 10:00:00.25'"))
        .isEqualTo("2026-11-20T10:00:00.250Z");
    assertThat(asked.one("SELECT extract('hour' FROM TIMESTAMPTZ '2026-11-20 10:00:00')"))
        .isEqualTo(10L);
  }

  @Test
  void deepAndLongTextsAreRefused() {
    assertThatThrownBy(() -> asked.ask("SELECT " + "(".repeat(40_000) + "1"))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> asked.ask("SELECT '" + "x".repeat(200_000) + "'"))
        .hasMessageContaining("characters");
    assertThatThrownBy(() -> asked.ask("SELECT " + "- ".repeat(49_000) + "1"))
        .isInstanceOf(AskException.class);
    assertThatThrownBy(() -> asked.ask("SELECT " + "NOT ".repeat(24_000) + "true"))
        .isInstanceOf(AskException.class);
  }

  @Test
  void statementThatNeedsMoreThanTheMemoryNamesTheOption() {
    assertThatThrownBy(
            () ->
                asked.ask("SELECT length(list(r.range::VARCHAR)::VARCHAR) FROM range(50000000) r"))
        .hasMessageContaining("--memory")
        .hasMessageContaining("It has no answer.")
        .hasMessageNotContaining("Possible solutions");
  }

  /** The second line of defense: DuckDB's own settings, without the check of statements. */
  @Test
  void duckDbItselfReadsNoOtherFileAndKeepsItsSettings(@TempDir Path own) throws Exception {
    Path readable = Files.createDirectory(own.resolve("data"));
    Path secret = Files.writeString(own.resolve("secret.csv"), "a,b\n1,2\n");
    Path allowed = Files.writeString(readable.resolve("rows.csv"), "a,b\n1,2\n");
    AskOptions options = AskedJob.options(own, own.resolve("console"));
    try (AskDatabase database = AskDatabase.open(options, List.of(readable));
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("FROM read_csv('%s')".formatted(allowed));
      for (String sql :
          List.of(
              "FROM read_csv('%s')".formatted(secret),
              "FROM read_csv('%s/../secret.csv')".formatted(readable),
              "FROM read_text('/etc/passwd')",
              "COPY (SELECT 1) TO '%s'".formatted(own.resolve("out.csv")),
              "ATTACH '%s'".formatted(own.resolve("other.db")),
              "INSTALL httpfs",
              "LOAD httpfs",
              "SET memory_limit = '100GB'",
              "SET enable_external_access = true",
              "SET allowed_directories = ['/']",
              "SET lock_configuration = false",
              "SET threads = 64",
              "SET TimeZone = 'Asia/Tokyo'")) {
        assertThatThrownBy(() -> statement.execute(sql)).as(sql).isInstanceOf(SQLException.class);
      }
    }
  }
}
