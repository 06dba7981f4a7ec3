package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.Events;
import io.nova.judge.EventOracle.Comparison;
import io.nova.workload.input.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventOracleTest {
  private final EventOracle oracle =
      new EventOracle(
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Instant.parse("2026-11-20T00:00:00Z"),
          Instant.parse("2026-11-22T00:00:00Z"));
  private final List<EventRow> answer = new ArrayList<>();

  @Test
  void anAnswerWithEveryEventOnceHolds() {
    sentAndAnswered(TestEvent.at("10:02").id("a"));
    sentAndAnswered(TestEvent.at("10:02").id("b"));
    sent(TestEvent.at("10:02").id("a"));

    assertThat(compared()).isEqualTo(new Comparison(2, 2, 0, 0, List.of()));
  }

  @Test
  void anEventWithoutARowIsMissingOnceForAllItsCopies() {
    sent(TestEvent.at("10:02").id("a"));
    sent(TestEvent.at("10:02").id("a"));
    sent(TestEvent.at("10:09").id("a"));

    Comparison compared = compared();

    assertThat(compared.missing()).isEqualTo(1);
    assertThat(compared.expected()).isEqualTo(1);
    assertThat(compared.examples()).singleElement().asString().contains("missing: Viewed");
  }

  @Test
  void aSecondRowOfAnEventIsExtra() {
    sentAndAnswered(TestEvent.at("10:02").id("a"));
    answered(TestEvent.at("10:02").id("a"));

    assertThat(compared()).extracting(Comparison::rows, Comparison::extra).containsExactly(2L, 1L);
  }

  @Test
  void eitherCopyAtAMidnightIsRightAndBothAreNot() {
    Events before = TestEvent.at("23:58").id("a");
    Events after = TestEvent.at("2026-11-21 00:03:00").id("a");
    sent(before);
    sent(after);

    answered(before);
    assertThat(compared().holds()).isTrue();
    answer.clear();
    answered(after);
    assertThat(compared().holds()).isTrue();
    answered(before);
    assertThat(compared().extra()).isEqualTo(1);
  }

  @Test
  void copiesBeyondTheWindowAreTwoEvents() {
    sentAndAnswered(TestEvent.at("10:02").id("a"));
    sent(TestEvent.at("10:45").id("a"));

    assertThat(compared().missing()).isEqualTo(1);
  }

  @Test
  void aRowWithAnotherUserOrTimeIsNoEventThatWasSent() {
    sent(TestEvent.at("10:02").id("a"));
    answered(TestEvent.at("10:02").id("a").with("amplitude_id", "43"));

    assertThat(compared())
        .extracting(Comparison::missing, Comparison::extra)
        .containsExactly(1L, 1L);
  }

  @Test
  void messagesThatMustBeRejectedAreNoEvents() {
    oracle.add(new Message(null, 0, Message.UNKNOWN_TIME));
    oracle.add(new Message("broken".getBytes(StandardCharsets.UTF_8), 0, Message.UNKNOWN_TIME));
    sent(TestEvent.at("2001-01-01 12:00:00").id("late"));
    sent(TestEvent.at("2100-01-01 00:00:00").id("early"));

    assertThat(compared()).isEqualTo(new Comparison(0, 0, 0, 0, List.of()));
  }

  @Test
  void anAnswerIsReadFromTheTextOfItsColumns() {
    sent(
        TestEvent.at("2026-11-20 10:02:00.123456")
            .id("a")
            .with("event_time", "\"2026-11-20 10:01:59.5\""));
    Map<String, String> columns =
        Map.of(
            "app", "1",
            "device_id", "d",
            "insert_id", "a",
            "event_type", "Viewed",
            "event_time", "2026-11-20T10:01:59.500Z",
            "server_upload_time", "2026-11-20T19:02:00.123456+09:00",
            "user", "42");
    assertThat(EventRow.COLUMNS).containsAll(columns.keySet());

    answer.add(EventRow.of(new HashMap<>(columns)::get));

    assertThat(compared()).isEqualTo(new Comparison(1, 1, 0, 0, List.of()));
  }

  @Test
  void aRowWithoutAnIdentityIsNamed() {
    assertThatThrownBy(() -> EventRow.of(column -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No identity");
  }

  private void sent(Events event) {
    oracle.add(TestEvent.message(event));
  }

  private void answered(Events event) {
    Map<String, String> columns = new HashMap<>();
    for (String column : EventRow.COLUMNS) {
      String key = column.equals("insert_id") ? "$insert_id" : column;
      if (event.has(key)) {
        columns.put(column, event.text(key));
      }
    }
    String upload = event.text("server_upload_time").replace(' ', 'T') + "Z";
    columns.put("server_upload_time", upload);
    columns.put("user", event.text("amplitude_id"));
    answer.add(EventRow.of(columns::get));
  }

  private void sentAndAnswered(Events event) {
    sent(event);
    answered(event);
  }

  private Comparison compared() {
    return oracle.compare(answer);
  }
}
