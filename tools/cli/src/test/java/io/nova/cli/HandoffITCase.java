package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.workload.send.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch closes, is audited, completes and is withdrawn: a real job, asked by procedures. */
@Tag("soak")
class HandoffITCase {
  private static final Path GUIDE =
      Path.of(System.getProperty("nova.home", ""), "docs/guides/audit.md");
  private static final Pattern STATEMENT = Pattern.compile("(?s)```sql\\n(.*?)```");
  private static final String FIRST = "2026-11-21T10:00Z";
  private static final List<String> OPTIONS = MinuteEvents.hoursClosedOnRequest();

  @Test
  void aBatchIsClosedAuditedCompletedAndWithdrawn() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("handoff")) {
      nova.submit(OPTIONS, Optional.empty(), 2);
      nova.send(MinuteEvents.of(0, 240), Pace.UNPACED);
      nova.awaitAllDecided();

      aBatchThatAPartitionHasNotPassedIsRefused(nova);
      String link = close(nova);
      aTagHasWhatTheAuditSays(nova);
      anEventOfAClosedBatchIsLate(nova);
      completeAndWithdraw(nova, link);
    }
  }

  private static void aBatchThatAPartitionHasNotPassedIsRefused(ProcessCluster nova) {
    assertThatThrownBy(() -> nova.ask("CALL nova.sys.close_batch('2026-11-21T13:00Z')"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("the job refused request")
        .hasMessageContaining("artition");
    assertThat(nova.ask("CALL nova.sys.list_batches()")).isEmpty();
  }

  private static String close(ProcessCluster nova) {
    JsonNode closed = nova.ask("CALL nova.sys.close_batch('2026-11-21T11:00Z')").get(0);
    assertThat(closed.get(1).asText()).isEqualTo("closed");

    List<JsonNode> batches = nova.ask("CALL nova.sys.list_batches()");
    assertThat(batches)
        .extracting(row -> row.get(0).asText() + " " + row.get(2).asText() + " " + row.get(4))
        .containsExactly(
            FIRST + " closed " + MinuteEvents.AN_HOUR,
            "2026-11-21T11:00Z closed " + MinuteEvents.AN_HOUR);
    return batches.get(0).get(3).asText();
  }

  private static void aTagHasWhatTheAuditSays(ProcessCluster nova) throws Exception {
    List<JsonNode> audit = nova.ask("CALL nova.sys.audit_batch('" + FIRST + "')");
    assertThat(audit).hasSize(2);
    List<String> figures = figures(audit.get(0), 2);
    assertThat(figures)
        .isEqualTo(figures(audit.get(1), 2))
        .startsWith(Long.toString(MinuteEvents.AN_HOUR));
    assertThat(figures)
        .isEqualTo(figures(nova.ask("CALL nova.sys.list_batches()").get(0), 4))
        .isEqualTo(duckDb(nova.processes().warehouse()));
  }

  private static List<String> figures(JsonNode row, int column) {
    return List.of(row.get(column).asText(), row.get(column + 1).asText());
  }

  /** Rows and digest in exactly the files that the tag names. */
  private static List<String> duckDb(String warehouse) throws Exception {
    Matcher statement = STATEMENT.matcher(Files.readString(GUIDE));
    assertThat(statement.find()).isTrue();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement duckDb = connection.createStatement()) {
      duckDb.execute("CREATE VIEW batch_events AS FROM read_parquet([" + files(warehouse) + "])");
      try (ResultSet rows = duckDb.executeQuery(statement.group(1))) {
        assertThat(rows.next()).isTrue();
        return List.of(rows.getString(3), rows.getString(4));
      }
    }
  }

  private static String files(String warehouse) throws Exception {
    Table table = EventTable.find(warehouse).orElseThrow().iceberg();
    List<String> paths = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files =
        table
            .newScan()
            .useRef(BatchTags.name(MinuteEvents.TEN.getEpochSecond() / 3600))
            .planFiles()) {
      files.forEach(
          one -> paths.add("'" + one.file().location().replaceFirst("^file:/+", "/") + "'"));
    }
    return String.join(",", paths);
  }

  private static void anEventOfAClosedBatchIsLate(ProcessCluster nova) {
    long before = nova.figures().decided();
    nova.send(
        List.of(MinuteEvents.event("late", 0, MinuteEvents.TEN.plusSeconds(90))), Pace.UNPACED);
    nova.awaitDecided(before + 1);
    nova.await(
        "the late event is listed",
        () -> !nova.ask("CALL nova.sys.late_events('" + FIRST + "')").isEmpty());
    JsonNode late = nova.ask("CALL nova.sys.late_events('" + FIRST + "')").get(0);
    assertThat(late.get(0).asText()).isEqualTo("batch_closed");
    assertThat(late.get(1).asBoolean()).isFalse();
    assertThat(late.get(7).asText()).contains("\"$insert_id\":\"late\"");
  }

  private static void completeAndWithdraw(ProcessCluster nova, String link) {
    assertThat(count(nova)).isEqualTo(4 * MinuteEvents.AN_HOUR);
    assertThatThrownBy(
            () ->
                nova.ask(
                    "CALL nova.sys.complete_batch('%s', '4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11')"
                        .formatted(FIRST)))
        .hasMessageContaining(link);

    assertThat(state(nova, "complete_batch('%s', '%s')".formatted(FIRST, link)))
        .isEqualTo("completed");
    assertThat(count(nova)).isEqualTo(3 * MinuteEvents.AN_HOUR);
    assertThat(state(nova, "complete_batch('%s', '%s')".formatted(FIRST, link)))
        .as("again")
        .isEqualTo("completed");

    assertThat(state(nova, "withdraw_batch('" + FIRST + "')")).isEqualTo("withdrawn");
    assertThat(count(nova)).isEqualTo(4 * MinuteEvents.AN_HOUR);
    assertThat(state(nova, "expire()")).isEqualTo("expired");
  }

  private static String state(ProcessCluster nova, String call) {
    return nova.ask("CALL nova.sys." + call).get(0).get(1).asText();
  }

  private static long count(ProcessCluster nova) {
    return nova.ask("SELECT COUNT(*) FROM events").get(0).get(0).asLong();
  }
}
