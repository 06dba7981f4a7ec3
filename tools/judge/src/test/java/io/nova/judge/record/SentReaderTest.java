package io.nova.judge.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.Events;
import io.nova.judge.TestEvent;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SentReaderTest {
  private final SentReader reader = new SentReader();

  @Test
  void firstFaultInOrderCounts() {
    Events event = TestEvent.at("10:02").id("a").with("app", "1.0").without("server_upload_time");

    assertThat(read(event).faults()).containsExactly(Reason.APP_INVALID);
    assertThat(read(event.with("app", "1")).faults()).containsExactly(Reason.UPLOAD_TIME_MISSING);
  }

  @Test
  void numberOfEndlessExponentIsTooSmallAndKept() {
    SentRecord record = read(TestEvent.at("10:02").id("a").with("location_lat", "1e-99999999999"));

    assertThat(record.content().extraJson()).isEqualTo("{\"location_lat\":1e-99999999999}");
  }

  @Test
  void thousandLevelsAreNotTooDeep() {
    assertThat(read(deep(999)).faults()).isEmpty();
    assertThat(read(deep(1_000)).faults()).containsExactly(Reason.TOO_DEEP);
  }

  @Test
  void kindsOfIdentityComeInOrderAndAreNeverOne() {
    Digest digest = new Digest();
    Events all =
        TestEvent.at("10:02")
            .id("x")
            .with("uuid", "\"x\"")
            .with("event_id", "7")
            .with("client_event_time", "\"2026-03-02 10:01:00\"");
    Events uuid = all.with("$insert_id", "\"\"");
    Events eventId = uuid.with("uuid", "null");

    Optional<Digest.Words> first = read(all).content().identity(digest);
    Optional<Digest.Words> second = read(uuid).content().identity(digest);
    Optional<Digest.Words> third = read(eventId).content().identity(digest);

    assertThat(first).isPresent().isNotEqualTo(second);
    assertThat(second).isPresent().isNotEqualTo(third);
    assertThat(third).isPresent();
    assertThat(read(all.with("uuid", "\"y\"")).content().identity(digest)).isEqualTo(first);
    assertThat(read(all.with("app", "2")).content().identity(digest)).isNotEqualTo(first);
    assertThat(
            read(eventId.with("client_event_time", "\"2026-03-02T11:01:00+01:00\""))
                .content()
                .identity(digest))
        .isEqualTo(third);
  }

  @Test
  void identityFieldsOfAnotherTypeAreInvalid() {
    assertInvalid(TestEvent.at("10:02").with("$insert_id", "1"));
    assertInvalid(TestEvent.at("10:02").id("a").with("uuid", "[]"));
    assertInvalid(TestEvent.at("10:02").id("\\udc00"));
    assertInvalid(
        TestEvent.at("10:02").with("event_id", "1").with("client_event_time", "\"noon\""));
    assertThat(read(TestEvent.at("10:02").with("event_id", "1")).faults())
        .containsExactly(Reason.IDENTITY_MISSING);
  }

  @Test
  void valuesThatDoNotFitStayOutOfTheirColumns() {
    Content content =
        read(TestEvent.at("10:02")
                .id("a")
                .with("session_id", "5.0")
                .with("location_lat", "5")
                .with("location_lng", "1e999")
                .with("event_id", "9223372036854775808")
                .with("city", "\"\\ud800\"")
                .with("processed_time", "\"2026-02-30 00:00:00\"")
                .with("event_time", "\"1969-12-31 23:59:59.999999999\"")
                .with("plan", "0"))
            .content();

    assertThat(content.extraJson())
        .contains("\"session_id\":5.0")
        .contains("\"location_lng\":1e999")
        .contains("\"event_id\":9223372036854775808")
        .contains("\"city\":\"\\ud800\"")
        .contains("\"processed_time\":\"2026-02-30 00:00:00\"")
        .contains("\"event_time\":\"1969-12-31 23:59:59.999999999\"")
        .doesNotContain("location_lat")
        .doesNotContain("plan");
    assertThat(content.get(key("location_lat"))).isEqualTo(5.0);
    assertThat(content.get(key("event_time"))).isEqualTo(-1L);
    assertThat(content.get(key("plan"))).isEqualTo("0");
  }

  private static ExportKey key(String name) {
    return ExportKeys.byNameInRecord().get(name);
  }

  private void assertInvalid(Events event) {
    assertThat(read(event).faults()).containsExactly(Reason.IDENTITY_INVALID);
  }

  private static Events deep(int levels) {
    return TestEvent.at("10:02").id("a").with("data", "[".repeat(levels) + "]".repeat(levels));
  }

  private SentRecord read(Events event) {
    return reader.read(event.json());
  }
}
