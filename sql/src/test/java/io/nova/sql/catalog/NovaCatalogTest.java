package io.nova.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NovaCatalogTest {
  @TempDir private Path folder;
  private TableEnvironment tables;

  @BeforeEach
  void open() {
    tables = TableEnvironment.create(EnvironmentSettings.inBatchMode());
  }

  private void createCatalog(Path warehouse) {
    tables.executeSql("CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '" + warehouse + "')");
    tables.executeSql("USE CATALOG n");
  }

  private List<Row> rows(String statement) {
    return CollectionUtil.iteratorToList(tables.executeSql(statement).collect());
  }

  @Test
  void missingWarehouseIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> createCatalog(folder.resolve("nowhere")))
        .rootCause()
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> createCatalog(folder.resolve("nowhere")))
        .hasStackTraceContaining("there is no such folder")
        .hasStackTraceContaining("correct the option 'warehouse'");
  }

  @Test
  void warehouseThatIsAFileIsRefused() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> createCatalog(file))
        .hasStackTraceContaining("found a file, expected a folder");
  }

  @Test
  void missingAndUnknownOptionsAreNamed() {
    assertThatThrownBy(() -> tables.executeSql("CREATE CATALOG n WITH ('type' = 'nova')"))
        .hasStackTraceContaining("warehouse");
    assertThatThrownBy(
            () ->
                tables.executeSql(
                    "CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '"
                        + folder
                        + "', 'wherehouse' = 'x')"))
        .hasStackTraceContaining("wherehouse");
    assertThatThrownBy(
            () ->
                tables.executeSql(
                    "CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '"
                        + folder
                        + "', 'default-database' = 'x')"))
        .hasStackTraceContaining("found x, expected nova");
  }

  @Test
  void emptyWarehouseListsNoTableAndSaysWhatItWaitsFor() {
    createCatalog(folder);
    assertThat(rows("SHOW DATABASES")).containsExactly(Row.of("nova"), Row.of("sys"));
    assertThat(rows("SHOW TABLES")).isEmpty();
    assertThatThrownBy(() -> tables.executeSql("SELECT * FROM events"))
        .hasStackTraceContaining("has no table nova.events yet")
        .hasStackTraceContaining("nova.warehouse");
    assertThatThrownBy(() -> tables.executeSql("SELECT * FROM other"))
        .hasMessageContaining("Object 'other' not found");
  }

  private void createCatalogWithBroker(String address) {
    tables.executeSql(
        "CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '"
            + folder
            + "', 'kafka.bootstrap-servers' = '"
            + address
            + "', 'kafka.property.security.protocol' = 'PLAINTEXT',"
            + " 'kafka.property.default.api.timeout.ms' = '600',"
            + " 'kafka.property.request.timeout.ms' = '300')");
    tables.executeSql("USE CATALOG n");
  }

  @Test
  void settingsOfKafkasClientsAreNotShown(@TempDir Path config) throws IOException {
    Path file = config.resolve("client.properties");
    Files.writeString(file, "sasl.jaas.config=s3ntinel\n");
    tables.executeSql(
        ("CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '%s',"
                + " 'kafka.bootstrap-servers' = '127.0.0.1:1', 'kafka.client-config' = '%s',"
                + " 'kafka.property.ssl.key.password' = 's3ntinel')")
            .formatted(folder, file));
    tables.executeSql("USE CATALOG n");
    for (String table : List.of("rejected_log", "duplicates_log")) {
      assertThat(rows("SHOW CREATE TABLE " + table))
          .singleElement()
          .satisfies(
              row -> assertThat(row.toString()).contains("kafka").doesNotContain("s3ntinel"));
    }
  }

  @Test
  void aFileOfClientSettingsThatCannotBeReadIsNamed() {
    assertThatThrownBy(
            () ->
                tables.executeSql(
                    ("CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '%s',"
                            + " 'kafka.bootstrap-servers' = '127.0.0.1:1',"
                            + " 'kafka.client-config' = '/no/such/file')")
                        .formatted(folder)))
        .hasStackTraceContaining("Option 'kafka.client-config': file /no/such/file cannot be read")
        .hasStackTraceContaining("No catalog was made.");
  }

  @Test
  void withoutABrokerTopicsAreAbsentAndTheOptionIsNamed() {
    createCatalog(folder);
    assertThat(rows("SHOW VIEWS")).isEmpty();
    for (String table : List.of("rejected", "duplicates", "rejected_log")) {
      assertThatThrownBy(() -> tables.executeSql("SELECT * FROM " + table))
          .hasStackTraceContaining("Table " + table)
          .hasStackTraceContaining("'kafka.bootstrap-servers' = 'HOST:PORT'");
    }
  }

  @Test
  void withABrokerTopicsAreThereBeforeTheJobIs() {
    createCatalogWithBroker("127.0.0.1:1");
    assertThat(rows("SHOW TABLES")).containsExactly(Row.of("duplicates"), Row.of("rejected"));
    assertThat(rows("DESCRIBE rejected"))
        .extracting(row -> row.getField(0) + " " + row.getField(1))
        .containsExactly(
            "reason STRING",
            "detail STRING",
            "kafka_topic STRING",
            "kafka_partition INT",
            "kafka_offset BIGINT",
            "kafka_index INT",
            "rejected_at TIMESTAMP_LTZ(3)",
            "original BYTES",
            "original_text STRING",
            "envelope STRING");
    assertThat(rows("DESCRIBE duplicates"))
        .extracting(row -> row.getField(0) + " " + row.getField(1))
        .containsExactly(
            "app STRING",
            "identity STRING",
            "kind STRING",
            "upload_time TIMESTAMP_LTZ(6)",
            "kafka_topic STRING",
            "kafka_partition INT",
            "kafka_offset BIGINT",
            "kafka_index INT",
            "gap_blocks BIGINT",
            "dropped_at TIMESTAMP_LTZ(3)");
  }

  @Test
  void brokerThatDoesNotAnswerIsNamedWhenAQueryIsPlanned() {
    createCatalogWithBroker("127.0.0.1:1");
    assertThatThrownBy(() -> tables.executeSql("SELECT COUNT(*) FROM rejected"))
        .hasStackTraceContaining("broker 127.0.0.1:1 did not answer a request for topic rejected")
        .hasStackTraceContaining("'kafka.bootstrap-servers'");
  }

  @Test
  void emptyTopicNameIsRefused() {
    assertThatThrownBy(
            () ->
                tables.executeSql(
                    "CREATE CATALOG n WITH ('type' = 'nova', 'warehouse' = '"
                        + folder
                        + "', 'kafka.bootstrap-servers' = 'b:1', 'kafka.rejected-topic' = '')"))
        .hasStackTraceContaining("Option 'kafka.rejected-topic': it is empty");
  }

  @Test
  void tableAppearsInAnOpenCatalogAsSoonAsItIsMade() throws Exception {
    createCatalog(folder);
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    assertThat(rows("SHOW TABLES"))
        .containsExactly(
            Row.of("batches"),
            Row.of("blocks"),
            Row.of("chunks"),
            Row.of("events"),
            Row.of("freshness"),
            Row.of("lambda_events"),
            Row.of("snapshots"));
    assertThat(rows("DESCRIBE events"))
        .contains(
            Row.of("user", "STRING", true, null, null, null),
            Row.of("insert_id", "STRING", true, null, null, null),
            Row.of("app", "BIGINT", true, null, null, null),
            Row.of("event_time", "TIMESTAMP_LTZ(6)", true, null, null, null),
            Row.of("extra", "STRING", true, null, null, null),
            Row.of("conflicting", "BOOLEAN", true, null, null, null),
            Row.of("upload_time", "TIMESTAMP_LTZ(6)", true, null, "AS `server_upload_time`", null),
            Row.of("batch_number", "BIGINT", false, null, "METADATA VIRTUAL", null),
            Row.of("source_file", "STRING", false, null, "METADATA VIRTUAL", null),
            Row.of("read_token", "STRING", false, null, "METADATA VIRTUAL", null))
        .hasSize(1 + 55 + 2 + 1 + 8);
    assertThat(rows("SHOW CREATE TABLE events").toString())
        .contains(warehouse.location())
        .doesNotContain("fingerprint");
  }

  @Test
  void nothingCanBeWritten() throws Exception {
    createCatalog(folder);
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    warehouse.appendBlockFile(List.of(TestEvents.blank(Instant.EPOCH)));
    for (String statement :
        List.of(
            "CREATE DATABASE other",
            "CREATE TABLE other (a INT) WITH ('connector' = 'blackhole')",
            "CREATE VIEW v AS SELECT * FROM events",
            "DROP TABLE events",
            "ALTER TABLE events RENAME TO other",
            "ALTER TABLE events SET ('a' = 'b')",
            "CREATE FUNCTION f AS 'io.nova.Missing'")) {
      assertThatThrownBy(() -> tables.executeSql(statement))
          .as(statement)
          .hasStackTraceContaining("it is read only");
    }
    assertThatThrownBy(() -> tables.executeSql("INSERT INTO events (app) VALUES (1)"))
        .hasStackTraceContaining("events");
    assertThat(warehouse.files()).hasSize(1);
  }
}
