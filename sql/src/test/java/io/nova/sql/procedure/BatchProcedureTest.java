package io.nova.sql.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.apache.iceberg.data.Record;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The procedures in a session of this process, without a job and without a broker. */
class BatchProcedureTest {
  private static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");
  private static final long BATCH = 20_778;

  @TempDir private Path folder;
  private IcebergWarehouse warehouse;
  private TableEnvironment tables;

  @BeforeEach
  void open() {
    warehouse = new IcebergWarehouse(folder);
    session(EnvironmentSettings.inBatchMode(), "");
  }

  private void session(EnvironmentSettings settings, String options) {
    tables = TableEnvironment.create(settings);
    tables.executeSql(
        "CREATE CATALOG nova WITH ('type' = 'nova', 'warehouse' = '%s'%s)"
            .formatted(folder, options));
  }

  private List<Row> rows(String statement) {
    return CollectionUtil.iteratorToList(tables.executeSql(statement).collect());
  }

  private AbstractThrowableAssert<?, ?> failure(String statement) {
    return assertThatThrownBy(() -> rows(statement)).as(statement).rootCause();
  }

  private void close(String handoff) {
    warehouse
        .table()
        .newFastAppend()
        .set("nova.closed", BATCH + ":4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11")
        .commit();
    warehouse.table().updateProperties().set("nova.handoff", handoff).commit();
  }

  private static String handoff(String completed, String more) {
    return "{\"version\":1,\"completed\":%s,\"deleted\":-9223372036854775808,\"position\":1,\"batches\":[{\"batch\":%d,\"link\":\"4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11\",\"rows\":2,\"digest\":\"\",\"closedAtMs\":1795000000000,\"closedBy\":\"nova\"%s}]}"
        .formatted(completed, BATCH, more);
  }

  private static Record event(Instant uploadTime) {
    Record event = TestEvents.blank(uploadTime);
    event.setField("app", 7L);
    return event;
  }

  @Test
  void allAreShown() {
    assertThat(rows("SHOW PROCEDURES IN nova.sys"))
        .extracting(row -> row.getField(0))
        .containsExactlyInAnyOrder(
            "audit_batch",
            "close_batch",
            "complete_batch",
            "expire",
            "late_events",
            "list_batches",
            "retire_partition",
            "withdraw_batch");
    assertThat(rows("SHOW PROCEDURES IN nova.nova")).isEmpty();
    tables.executeSql("USE CATALOG nova");
    tables.executeSql("USE sys");
    assertThat(rows("SHOW TABLES")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "close_batch(batch => '2026-11-21')",
        "close_batch('2026-11-21', true)",
        "complete_batch('2026-11-21', '4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11')",
        "withdraw_batch('2026-11-21')",
        "retire_partition(3)",
        "expire()"
      })
  void whatChangesSomethingNeedsTheOption(String call) {
    for (EnvironmentSettings mode :
        List.of(EnvironmentSettings.inBatchMode(), EnvironmentSettings.inStreamingMode())) {
      session(mode, "");
      failure("CALL nova.sys." + call)
          .hasMessageContaining("Procedure " + call.substring(0, call.indexOf('(')))
          .hasMessageContaining("'procedures' = 'all'");

      session(mode, ", 'procedures' = 'all'");
      failure("CALL nova.sys." + call)
          .hasMessageContaining("'kafka.bootstrap-servers' = 'HOST:PORT'");
    }
  }

  @Test
  void badArgumentsNameTheExpectedForm() {
    session(EnvironmentSettings.inBatchMode(), ", 'procedures' = 'all'");
    failure("CALL nova.sys.close_batch('yesterday')")
        .hasMessageContaining("Batch 'yesterday': expected the UTC day or time");
    failure("CALL nova.sys.close_batch(batch => '2026-11-21', leave_out => '3;5')")
        .hasMessageContaining("Argument leave_out: found '3;5', expected numbers of partitions");
    failure("CALL nova.sys.complete_batch('2026-11-21', 'x')")
        .hasMessageContaining("Argument link: found 'x', expected the UUID");
    failure(
            "CALL nova.sys.complete_batch(batch => '2026-11-21', link =>"
                + " '4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11', `rows` => 3)")
        .hasMessageContaining("Arguments rows and digest: found 3 and null, expected both");
    failure(
            "CALL nova.sys.complete_batch(batch => '2026-11-21', link =>"
                + " '4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11', `rows` => 3, digest =>"
                + " '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', force => true)")
        .hasMessageContaining("Argument force: found it with rows and digest");
    failure("CALL nova.sys.audit_batch('2026-11-21')")
        .hasMessageContaining("Batch 2026-11-21: the table has no tag batch-20778");
    failure("CALL nova.sys.retire_partition(-1)").hasMessageContaining("found -1");
  }

  @Test
  void aWrongValueOfTheOptionNamesTheRightOnes() {
    assertThatThrownBy(() -> session(EnvironmentSettings.inBatchMode(), ", 'procedures' = 'some'"))
        .hasStackTraceContaining("'procedures'")
        .hasStackTraceContaining("READ");
  }

  @Test
  void brokerThatDoesNotAnswerIsNamed() {
    session(
        EnvironmentSettings.inBatchMode(),
        ", 'procedures' = 'all', 'kafka.bootstrap-servers' = '127.0.0.1:1',"
            + " 'kafka.property.default.api.timeout.ms' = '600',"
            + " 'kafka.property.request.timeout.ms' = '300'");
    failure("CALL nova.sys.close_batch('2026-11-21')")
        .hasMessageContaining("Topic batches at 127.0.0.1:1: the broker did not answer")
        .hasMessageContaining("The request was not sent");
  }

  @Test
  void listHasClosedAndCompletedBatches() {
    assertThat(rows("CALL nova.sys.list_batches()")).isEmpty();

    close(handoff("-9223372036854775808", ""));
    Row row = rows("CALL nova.sys.list_batches()").get(0);
    assertThat(row.getField(0)).isEqualTo("2026-11-21");
    assertThat(row.getField(1)).isEqualTo(BATCH);
    assertThat(row.getField(2)).isEqualTo("closed");
    assertThat(row.getField(4)).isEqualTo(2L);
    assertThat(row.getField(6)).isEqualTo(Instant.ofEpochMilli(1_795_000_000_000L));
    assertThat(row.getField(8)).isNull();

    close(handoff(Long.toString(BATCH), ",\"completedAtMs\":1795000001000,\"completedBy\":\"me\""));
    row = rows("CALL nova.sys.list_batches()").get(0);
    assertThat(row.getField(2)).isEqualTo("completed");
    assertThat(row.getField(9)).isEqualTo("me");
  }

  @Test
  void aDryRunListsWhatWouldGoAndNeedsNoRight() {
    warehouse.appendChunk(List.of(event(DAY)));

    assertThat(rows("CALL nova.sys.expire(dry_run => true)")).isEmpty();
    failure("CALL nova.sys.expire(dry_run => true, retention => 'soon')")
        .hasMessageContaining("Argument retention: found 'soon', expected a duration");
    session(EnvironmentSettings.inBatchMode(), ", 'procedures' = 'all'");
    failure("CALL nova.sys.expire(retention => '7 d')")
        .hasMessageContaining("it is for dry_run => true");
  }

  @Test
  void auditHasALineForEachAppAndHourAndTheTotal() {
    warehouse.appendChunk(
        List.of(
            event(DAY.plusSeconds(60)), event(DAY.plusSeconds(61)), event(DAY.plusSeconds(3600))));
    warehouse
        .table()
        .manageSnapshots()
        .createTag("batch-" + BATCH, warehouse.table().currentSnapshot().snapshotId())
        .commit();

    assertThat(rows("CALL nova.sys.audit_batch('2026-11-21')"))
        .extracting(row -> row.getField(1) + " " + row.getField(2))
        .containsExactly("2026-11-21T00:00:00Z 2", "2026-11-21T01:00:00Z 1", "null 3");
  }
}
