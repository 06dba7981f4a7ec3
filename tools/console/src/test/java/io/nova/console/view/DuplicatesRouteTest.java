package io.nova.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import io.nova.workload.topic.Brokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicatesRouteTest {
  private static final String EVENTS =
      """
      CREATE TABLE events AS SELECT * FROM (VALUES
        (1, 'd', 'i', NULL, TIMESTAMPTZ '2026-11-20 10:01:00Z', 'events', 0, 5, 0, 'View', 'u', 'sdk/1', 'iOS', '{"a":1}'),
        (1, 'd', 'i', NULL, TIMESTAMPTZ '2026-11-20 11:01:00Z', 'events', 0, 6, 0, 'View', 'u', 'sdk/2', 'Web', NULL),
        (2, 'd', 'i', NULL, TIMESTAMPTZ '2026-11-20 10:01:00Z', 'events', 1, 7, 0, 'View', 'u', 'sdk/3', 'Web', NULL),
        (1, NULL, NULL, 'x', TIMESTAMPTZ '2026-11-20 10:06:00Z', 'events', 1, 8, 0, 'Add', NULL, NULL, 'Web', NULL)
      ) AS t(app, device_id, insert_id, uuid, upload_time, kafka_topic, kafka_partition, kafka_offset,
             kafka_index, event_type, user_id, library, platform, event_properties)""";
  private static final String DUPLICATES =
      """
      CREATE TABLE duplicates AS SELECT * FROM (VALUES
        ('1', '{"device_id":"d","insert_id":"i"}', 'natural', TIMESTAMPTZ '2026-11-20 10:02:00Z', 'events', 0, 15, 0, 0, TIMESTAMPTZ '2026-11-20 10:02:01Z'),
        ('1', '{"device_id":"d","insert_id":"i"}', 'conflicting', TIMESTAMPTZ '2026-11-20 10:16:00Z', 'events', 0, 16, 0, 3, TIMESTAMPTZ '2026-11-20 10:16:01Z'),
        ('1', '{"uuid":"x"}', 'natural', TIMESTAMPTZ '2026-11-20 10:01:00Z', 'events', 1, 17, 0, -1, TIMESTAMPTZ '2026-11-20 10:07:01Z'),
        ('1', '{"device_id":"d","insert_id":"gone"}', 'unknown', TIMESTAMPTZ '2026-11-20 10:20:00Z', 'events', 1, 18, 0, 4, TIMESTAMPTZ '2026-11-20 10:20:01Z')
      ) AS t(app, identity, kind, upload_time, kafka_topic, kafka_partition, kafka_offset, kafka_index, gap_blocks, dropped_at)""";
  private static final String REJECTED =
      """
      CREATE TABLE rejected AS SELECT *, original_text::BLOB AS original FROM (VALUES
        ('app_missing', 'd1', 'events', 0, 1, 0, TIMESTAMPTZ '2026-11-20 10:02:00Z', '{"library":"sdk/1"}'),
        ('not_json', 'd2', 'events', 0, 2, 0, TIMESTAMPTZ '2026-11-20 10:02:00Z', '{"library'),
        ('app_missing', 'd3', 'events', 1, 3, 0, TIMESTAMPTZ '2026-11-20 10:03:00Z', '{"library":"sdk/1","app":7}'),
        ('null_value', NULL, 'events', 1, 4, 0, TIMESTAMPTZ '2026-11-20 10:03:00Z', NULL)
      ) AS t(reason, detail, kafka_topic, kafka_partition, kafka_offset, kafka_index, rejected_at, original_text)""";

  private static JsonNode answer(Route route) throws Exception {
    Reply reply = route.handle(new Request("GET", "", Map.of(), "", new byte[0]));
    assertThat(reply.status()).as(text(reply)).isEqualTo(200);
    return new ObjectMapper().readTree(reply.body());
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static List<String> rows(JsonNode answer, String table) {
    return answer
        .path("tables")
        .path(table)
        .path("rows")
        .valueStream()
        .map(JsonNode::toString)
        .toList();
  }

  @Test
  void dropsAreCountedAndFindTheirFirstCopies() throws Exception {
    try (DuckEngine engine = new DuckEngine(EVENTS, DUPLICATES)) {
      JsonNode answer = answer(new DuplicatesRoute(engine, () -> Duration.ofMinutes(5)));

      assertThat(rows(answer, "total")).containsExactly("[4,2,1,1]");
      assertThat(rows(answer, "apps")).containsExactly("[\"1\",4,2,1,1]");
      assertThat(rows(answer, "partitions"))
          .containsExactly("[\"events\",0,2,1,1,0]", "[\"events\",1,2,1,0,1]");
      assertThat(rows(answer, "gaps"))
          .containsExactly(
              "[0,300,1,1,0,0]", "[300,600,1,1,0,0]", "[600,1200,1,0,1,0]", "[1200,2400,1,0,0,1]");
      assertThat(rows(answer, "libraries"))
          .containsExactly(
              "[\"sdk/1\",2,1,1,0]",
              "[\"(first copy not found)\",1,0,0,1]",
              "[\"(none)\",1,1,0,0]");
      assertThat(rows(answer, "platforms"))
          .containsExactly(
              "[\"iOS\",2,1,1,0]", "[\"(first copy not found)\",1,0,0,1]", "[\"Web\",1,1,0,0]");
      assertThat(rows(answer, "samples")).hasSize(4);
      assertThat(rows(answer, "samples").get(0))
          .startsWith("[\"conflicting\",900,\"1\"")
          .contains("\"events\",0,16,0,", "\"events\",0,5,0,\"View\"");
      assertThat(answer.path("bounds").toString()).isEqualTo("[\"bound\"]");
      assertThat(answer.has("changes")).isFalse();
    }
  }

  @Test
  void identityOfTheInsertIdAloneFindsItsFirstCopy() throws Exception {
    String duplicates = DUPLICATES.replace("\"device_id\":\"d\",", "");
    try (DuckEngine engine = new DuckEngine(EVENTS, duplicates)) {
      JsonNode answer = answer(new DuplicatesRoute(engine, () -> Duration.ofMinutes(5)));

      assertThat(rows(answer, "libraries")).contains("[\"sdk/1\",2,1,1,0]");
    }
  }

  @Test
  void rejectionsAreCountedByWhatTheMessageSays() throws Exception {
    try (DuckEngine engine = new DuckEngine(REJECTED)) {
      JsonNode answer = answer(new RejectedRoute(engine, false));
      assertThat(answer.path("changes").asText()).isEqualTo("false");
      assertThat(answer(new RejectedRoute(engine, true)).path("changes").asText())
          .isEqualTo("true");

      assertThat(rows(answer, "reasons"))
          .hasSize(3)
          .first()
          .asString()
          .startsWith("[\"app_missing\",2,");
      assertThat(rows(answer, "libraries"))
          .containsExactly(
              "[\"sdk/1\",\"app_missing\",2]",
              "[\"(none)\",\"not_json\",1]",
              "[\"(none)\",\"null_value\",1]");
      assertThat(rows(answer, "apps"))
          .contains("[\"7\",\"app_missing\",1]", "[\"(none)\",\"app_missing\",1]");
      assertThat(rows(answer, "samples")).hasSize(4);
    }
  }

  @Test
  void failureOfTheStoreIsTheReply() throws Exception {
    try (DuckEngine engine = new DuckEngine()) {
      Reply reply =
          new RejectedRoute(engine, false)
              .handle(new Request("GET", "", Map.of(), "", new byte[0]));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(text(reply)).contains("rejected");
    }
  }

  private static Reply replay(boolean allowed, String body) throws Exception {
    return new ReplayRoute(() -> Brokers.at("127.0.0.1:26001"), () -> "rejected", allowed)
        .handle(new Request("POST", "", Map.of(), "", body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void replayNeedsThePermission() throws Exception {
    Reply reply = replay(false, "{\"reasons\": [\"too_early\"]}");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(text(reply)).contains("Nothing was sent", "--allow-changes");
  }

  @Test
  void replayNamesWhatDoesNotFit() throws Exception {
    assertThat(replay(true, "{").status()).isEqualTo(400);
    assertThat(text(replay(true, "{\"from\": \"today\"}")))
        .contains("from: found \\\"today\\\"", "2026-11-21T10:00:00Z");
    assertThat(
            text(
                replay(
                    true,
                    "{\"from\": \"2026-11-20T10:00:00Z\", \"to\": \"2026-11-20T10:00:00Z\"}")))
        .contains("no time lies between", "Nothing was sent.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"too_early\"",
        "{\"reasons\": \"too_early\"}",
        "{\"reasons\": [7]}",
        "{\"reasons\": [null]}",
        "{\"reasons\": []}",
        "{\"reasons\": null}",
        "{\"reason\": [\"too_early\"]}",
        "{\"dryRun\": \"true\"}",
        "{\"dryRun\": 1}",
        "{\"dryRun\": null}",
        "{\"dryrun\": true}",
        "{\"dryRun\": true, \"dryRun\": false}",
        "{\"dryRun\": true} {}"
      })
  void wrongReplayFormSendsNothing(String body) throws Exception {
    ReplayRoute route =
        new ReplayRoute(
            () -> {
              throw new IllegalStateException("The replay began.");
            },
            () -> "rejected",
            true);

    Reply reply =
        route.handle(new Request("POST", "", Map.of(), "", body.getBytes(StandardCharsets.UTF_8)));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(text(reply)).contains("Nothing was sent.");
  }

  @Test
  void onlyCopiesOfTheNamedTopicsAreRead() {
    CopyRoute route = new CopyRoute(() -> Brokers.at("127.0.0.1:26001"), () -> Set.of("events"));
    Map<String, String> secret = Map.of("topic", "secret", "partition", "0", "offset", "1");
    Reply refused = route.handle(new Request("GET", "", secret, "", new byte[0]));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(text(refused)).contains("found secret, expected one of events");
    Map<String, String> text = Map.of("topic", "events", "partition", "-1", "offset", "x");
    assertThat(route.handle(new Request("GET", "", text, "", new byte[0])).status()).isEqualTo(400);
  }
}
