package io.nova.event.mapping;

import static io.nova.event.TestMessages.value;
import static io.nova.event.mapping.MappedRecords.assertRejected;
import static io.nova.event.mapping.MappedRecords.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.identity.Identity;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mappings that come with Nova, on records in the public shape. */
class ShippedMappingsTest {
  @Test
  void amplitudesKeysAreItsColumns() {
    for (Column column : EventSchema.columns()) {
      String key = "(/" + column.key() + ")";
      assertThat(Mapping.amplitude().place(EventSchema.indexOf(column))).endsWith(key);
    }
    assertThat(Mapping.amplitude().identity()).isEmpty();
    assertThat(Mapping.amplitude().nodes()).isEqualTo(56);
  }

  @Test
  void githubEventsAreRead() {
    Parsed.Event event = event(Mapping.of("github"), Producers.GITHUB);

    assertThat(event.identity())
        .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("40000000001")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_000_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("ada");
    assertThat(value(fields, "event_type")).isEqualTo("PushEvent");
    assertThat(value(fields, "event_time")).isEqualTo(event.uploadMicros());
    assertThat(value(fields, "event_properties"))
        .isEqualTo("{\"size\":1,\"commits\":[{\"sha\":\"00ff\"}]}");
    assertThat(value(fields, "groups")).isEqualTo("{\"id\":5,\"name\":\"ada/engine\"}");
    assertThat(fields.extra())
        .isEqualTo(
            "{\"actor\":{\"id\":17,\"login\":\"ada\",\"url\":\"https://example.org/ada\"},"
                + "\"public\":true}");
  }

  @Test
  void segmentsCallsAreRead() {
    Parsed.Event event = event(Mapping.of("segment"), Producers.SEGMENT);

    assertThat(event.identity())
        .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("m-1")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_123_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "device_id")).isEqualTo("anon-1");
    assertThat(value(fields, "event_type")).isEqualTo("Order Completed");
    assertThat(value(fields, "amplitude_event_type")).isEqualTo("track");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_918_000_000L);
    assertThat(value(fields, "ip_address")).isEqualTo("192.0.2.7");
    assertThat(value(fields, "event_properties")).isEqualTo("{ \"total\":27.50}");
    assertThat(fields.extra())
        .isEqualTo("{\"context\":{\"ip\":\"192.0.2.7\",\"os\":{\"name\":\"iOS\"}}}");
  }

  @ParameterizedTest
  @CsvSource({"page,Pricing,Pricing", "identify,,identify", "track,ignored,track"})
  void segmentsTypeIsItsEventElseItsNameElseItsKind(String type, String name, String expected) {
    String named = name == null || name.equals("ignored") ? "" : ",\"name\":\"" + name + "\"";
    String record =
        "{\"type\":\""
            + type
            + "\",\"messageId\":\"m\",\"receivedAt\":\"2026-11-20T10:02:00Z\""
            + named
            + "}";

    assertThat(value(event(Mapping.of("segment"), record).fields(), "event_type"))
        .isEqualTo(expected);
  }

  @Test
  void snowplowsEventsAreRead() {
    Parsed.Event event = event(Mapping.of("snowplow"), Producers.SNOWPLOW);

    assertThat(event.identity())
        .isEqualTo(
            new Identity.ByFields(
                1, List.of("insert_id"), List.of("c6ef3124-b53a-4b13-a233-0088f79dcbcb")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_000_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isNull();
    assertThat(value(fields, "device_id")).isEqualTo("d-1");
    assertThat(value(fields, "event_type")).isEqualTo("page_view");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "location_lat")).isEqualTo(47.5);
    assertThat(value(fields, "event_properties")).isEqualTo("{\"schema\":\"iglu:x\"}");
    assertThat(fields.extra())
        .isEqualTo("{\"app_id\":\"web\",\"page_url\":\"https://example.org/\"}");
  }

  @Test
  void postHogsEventsAreRead() {
    Parsed.Event event = event(Mapping.of("posthog"), Producers.POSTHOG);

    assertThat(event.identity())
        .isEqualTo(
            new Identity.ByFields(
                1, List.of("insert_id"), List.of("01935c2f-4a00-7000-8000-0000000000aa")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_123_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "device_id")).isEqualTo("d-1");
    assertThat(value(fields, "event_type")).isEqualTo("$pageview");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "ip_address")).isEqualTo("192.0.2.7");
    assertThat(value(fields, "os_name")).isEqualTo("Linux");
    assertThat(value(fields, "location_lat")).isEqualTo(47.5);
    assertThat(value(fields, "user_properties")).isEqualTo("{\"plan\":\"free\"}");
    assertThat(value(fields, "event_properties"))
        .isEqualTo(
            "{\"$device_id\":\"d-1\",\"$ip\":\"192.0.2.7\",\"$os\":\"Linux\","
                + "\"$geoip_latitude\":47.5,\"$current_url\":\"https://example.org/\"}");
    assertThat(fields.extra()).isEqualTo("{\"team_id\":2,\"elements_chain\":\"\"}");
  }

  @Test
  void rudderStacksCallsAreRead() {
    Parsed.Event event = event(Mapping.of("rudderstack"), Producers.RUDDERSTACK);

    assertThat(event.identity())
        .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("m-1")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_123_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "device_id")).isEqualTo("anon-1");
    assertThat(value(fields, "event_type")).isEqualTo("Order Completed");
    assertThat(value(fields, "amplitude_event_type")).isEqualTo("track");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "client_event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "client_upload_time")).isEqualTo(1_795_168_918_000_000L);
    assertThat(value(fields, "platform")).isEqualTo("web");
    assertThat(value(fields, "ip_address")).isEqualTo("192.0.2.7");
    assertThat(value(fields, "user_properties")).isEqualTo("{\"plan\":\"free\"}");
    assertThat(value(fields, "event_properties")).isEqualTo("{\"total\":27.50}");
    assertThat(fields.extra())
        .isEqualTo(
            "{\"rudderId\":\"r-1\",\"integrations\":{\"All\":true},"
                + "\"context\":{\"traits\":{\"plan\":\"free\"},\"os\":{\"name\":\"iOS\"}}}");
  }

  @Test
  void rowsOfGoogleAnalyticsAreRead() {
    Parsed.Event event = event(Mapping.of("ga4"), Producers.GA4);

    assertThat(event.identity())
        .isEqualTo(
            new Identity.ByFields(
                1,
                List.of("device_id", "event_time", "event_type", "insert_id", "insert_key"),
                List.of("11.22", "1795168920123456", "page_view", "-77", "2")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_123_456L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_920_123_456L);
    assertThat(value(fields, "user_creation_time")).isEqualTo(1_795_168_000_000_000L);
    assertThat(value(fields, "source_id")).isEqualTo("5");
    assertThat(value(fields, "country")).isEqualTo("Germany");
    assertThat(value(fields, "device_type")).isEqualTo("mobile");
    assertThat(value(fields, "event_properties"))
        .isEqualTo("[{\"key\":\"page\",\"value\":{\"string_value\":\"/\"}}]");
    assertThat(fields.extra())
        .isEqualTo(
            "{\"event_date\":\"20261120\",\"batch_event_index\":2,"
                + "\"device\":{\"category\":\"mobile\",\"language\":\"de-de\"},"
                + "\"geo\":{\"country\":\"Germany\",\"city\":\"Bonn\"}}");
  }

  @Test
  void rowsOfGoogleAnalyticsWithoutAPlaceInTheirBatchAreRejected() {
    assertRejected(
        Mapping.of("ga4"),
        Producers.GA4.replace("\"batch_event_index\":2,", ""),
        RejectReason.IDENTITY_MISSING,
        "/batch_event_index");
  }

  @Test
  void cloudEventsAreRead() {
    Parsed.Event event = event(Mapping.of("cloudevents"), Producers.CLOUDEVENT);

    assertThat(event.identity())
        .isEqualTo(
            new Identity.ByFields(
                1, List.of("insert_id", "source_id"), List.of("e-1", "/shop/cart")));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_000_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "event_type")).isEqualTo("org.example.order.completed");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "event_properties")).isEqualTo("{\"total\":27.50}");
    assertThat(fields.extra())
        .isEqualTo("{\"specversion\":\"1.0\",\"datacontenttype\":\"application/json\"}");
  }

  @Test
  void eventsOfAmplitudesHttpApiAreRead() {
    Mapping mapping = Mapping.of("amplitude-http");
    Parsed.Event event = event(mapping, Producers.AMPLITUDE_HTTP);

    assertThat(event.identity()).isEqualTo(new Identity.ByInsertId(1, "d-1", "i-1"));
    assertThat(event.uploadMicros()).isEqualTo(1_795_168_920_123_000L);
    EventFields fields = event.fields();
    assertThat(value(fields, "user_id")).isEqualTo("u1");
    assertThat(value(fields, "event_type")).isEqualTo("Order Completed");
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_917_250_000L);
    assertThat(value(fields, "session_id")).isEqualTo(1_795_168_000_000L);
    assertThat(value(fields, "event_id")).isEqualTo(3L);
    assertThat(value(fields, "version_name")).isEqualTo("2.1");
    assertThat(value(fields, "device_carrier")).isEqualTo("Example");
    assertThat(value(fields, "ip_address")).isEqualTo("192.0.2.7");
    assertThat(value(fields, "event_properties")).isEqualTo("{\"total\":27.50}");
    assertThat(fields.extra()).isEqualTo("{\"price\":9.5}");
    String userOnly = Producers.AMPLITUDE_HTTP.replace("\"device_id\":\"d-1\",", "");
    assertThat(event(mapping, userOnly).identity())
        .isEqualTo(new Identity.ByInsertId(1, "u1", "i-1"));
  }
}
