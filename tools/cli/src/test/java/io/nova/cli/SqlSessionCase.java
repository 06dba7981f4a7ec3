package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a session of `nova sql` shows through a real gateway: large rows, and times in zones. */
final class SqlSessionCase {
  private final Instant uploaded = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /** Sends three events to the running job of a cluster, and asks for them. */
  void check(ProcessCluster nova) {
    nova.send(
        List.of(event("small", 10), event("large", 3_000_000), event("huge", 5_000_000)),
        Pace.UNPACED);
    nova.awaitAllDecided();
    try (SqlSession session = nova.processes().sql().open()) {
      largeRows(session);
      instants(session);
    }
  }

  private static void largeRows(SqlSession session) {
    JsonNode row = ProcessCluster.ask(session, properties("large")).get(0);
    assertThat(row.get(0).asText()).hasSizeGreaterThan(3_000_000);
    assertThatThrownBy(() -> ProcessCluster.ask(session, properties("huge")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Record size is too large")
        .hasMessageContaining("collect-sink.batch-size.max");

    ProcessCluster.ask(session, "SET 'collect-sink.batch-size.max' = '8mb'");
    assertThat(ProcessCluster.ask(session, properties("huge"))).hasSize(1);
  }

  private void instants(SqlSession session) {
    String query = "SELECT upload_time, ARRAY[upload_time] FROM events WHERE insert_id = 'small'";
    for (String zone : List.of("UTC", "Asia/Tokyo", "America/Los_Angeles")) {
      ProcessCluster.ask(session, "SET 'table.local-time-zone' = '" + zone + "'");
      JsonNode row = ProcessCluster.ask(session, query).get(0);
      assertThat(instant(row.get(0))).as(zone).isEqualTo(uploaded);
      assertThat(instant(row.get(1).get(0))).as(zone).isEqualTo(uploaded);
    }
  }

  private static Instant instant(JsonNode text) {
    return OffsetDateTime.parse(text.asText()).toInstant();
  }

  private static String properties(String id) {
    return "SELECT event_properties FROM events WHERE insert_id = '" + id + "'";
  }

  private Message event(String id, int length) {
    String event =
        "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s\",\"event_type\":\"x\",\"server_upload_time\":\"%s\",\"event_properties\":{\"text\":\"%s\"}}"
            .formatted(id, uploaded, "x".repeat(length));
    return new Message(event.getBytes(UTF_8), Message.ANY_PARTITION, Message.UNKNOWN_TIME);
  }
}
