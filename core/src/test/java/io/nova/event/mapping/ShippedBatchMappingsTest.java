package io.nova.event.mapping;

import static io.nova.event.TestMessages.utf8;
import static io.nova.event.TestMessages.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Elements;
import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.identity.Identity;
import io.nova.event.identity.IdentityFields;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The mappings of requests with several events, on requests in the public shape. */
class ShippedBatchMappingsTest {
  private static final long UPLOADED = 1_795_168_920_123_000L;

  private static List<Parsed> read(String mapping, String request) {
    Elements elements =
        new EventParser(Mapping.of(mapping), IdentityFields.BY_MAPPING)
            .parseElements(utf8(request));
    assertThat(elements).isInstanceOf(Elements.Found.class);
    return ((Elements.Found) elements)
        .elements().stream().map(element -> element.outcome().get()).toList();
  }

  private static Parsed.Event event(Parsed parsed) {
    assertThat(parsed).isInstanceOf(Parsed.Event.class);
    return (Parsed.Event) parsed;
  }

  @Test
  void requestsOfAmplitudesHttpApiAreRead() {
    List<Parsed> read =
        read(
            "amplitude-http-batch",
            """
            {"api_key": "0123", "options": {"min_id_length": 1},
             "server_upload_time": "2026-11-20 10:02:00.123000",
             "events": [
               {"user_id": "u1", "device_id": "d-1", "event_type": "Order Completed",
                "time": 1795168917250, "insert_id": "i-1", "event_properties": {"total": 27.50}},
               {"user_id": "u2", "event_type": "watch", "insert_id": "i-2"},
               {"event_type": "nobody"}
             ]}
            """);

    assertThat(event(read.get(0)).identity()).isEqualTo(new Identity.ByInsertId(1, "d-1", "i-1"));
    assertThat(event(read.get(0)).uploadMicros()).isEqualTo(UPLOADED);
    assertThat(value(event(read.get(0)).fields(), "event_properties"))
        .isEqualTo("{\"total\": 27.50}");
    assertThat(event(read.get(0)).fields().extra()).isNull();
    assertThat(event(read.get(1)).identity()).isEqualTo(new Identity.ByInsertId(1, "u2", "i-2"));
    assertThat(((Parsed.Rejected) read.get(2)).reason()).isEqualTo(RejectReason.IDENTITY_MISSING);
  }

  @Test
  void requestsOfPostHogAreRead() {
    List<Parsed> read =
        read(
            "posthog-batch",
            """
            {"api_key": "phc_0123", "historical_migration": false,
             "batch": [
               {"event": "$pageview", "distinct_id": "u1", "timestamp": "2026-11-20T10:01:57.250Z",
                "uuid": "01935c2f-4a00-7000-8000-0000000000aa",
                "properties": {"$device_id": "d-1", "$os": "Linux"}},
               {"event": "signup", "timestamp": "2026-11-20T10:01:58Z",
                "properties": {"distinct_id": "u2", "$insert_id": "i-2"}}
             ],
             "sent_at": "2026-11-20T10:01:59Z", "created_at": "2026-11-20T10:02:00.123Z"}
            """);

    Parsed.Event first = event(read.get(0));
    assertThat(first.identity())
        .isEqualTo(
            new Identity.ByFields(
                1, List.of("insert_id"), List.of("01935c2f-4a00-7000-8000-0000000000aa")));
    assertThat(first.uploadMicros()).isEqualTo(UPLOADED);
    assertThat(value(first.fields(), "user_id")).isEqualTo("u1");
    assertThat(value(first.fields(), "client_upload_time")).isEqualTo(1_795_168_919_000_000L);
    Parsed.Event second = event(read.get(1));
    assertThat(second.identity())
        .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("i-2")));
    assertThat(value(second.fields(), "user_id")).isEqualTo("u2");
  }

  @Test
  void requestsOfSegmentAndRudderStackAreRead() {
    String request =
        """
        {"batch": [
           {"type": "track", "event": "Order Completed", "messageId": "m-1", "userId": "u1",
            "timestamp": "2026-11-20T10:01:57.250Z", "properties": {"total": 27.50}},
           {"type": "identify", "messageId": "m-2", "anonymousId": "a-2",
            "receivedAt": "2026-11-20T10:03:00.123Z", "sentAt": "2026-11-20T10:02:59Z"}
         ],
         "sentAt": "2026-11-20T10:01:59Z", "receivedAt": "2026-11-20T10:02:00.123Z",
         "integrations": {"All": true}}
        """;
    for (String mapping : List.of("segment-batch", "rudderstack-batch")) {
      List<Parsed> read = read(mapping, request);

      Parsed.Event first = event(read.get(0));
      assertThat(first.identity())
          .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("m-1")));
      assertThat(first.uploadMicros()).isEqualTo(UPLOADED);
      assertThat(value(first.fields(), "client_upload_time")).isEqualTo(1_795_168_919_000_000L);
      assertThat(value(first.fields(), "event_type")).isEqualTo("Order Completed");
      Parsed.Event second = event(read.get(1));
      assertThat(second.uploadMicros()).as("the request's time").isEqualTo(UPLOADED);
      assertThat(value(second.fields(), "client_upload_time")).isEqualTo(1_795_168_979_000_000L);
    }
  }

  /** A client writes the elements, and the collector writes the request. */
  @Test
  void noElementChoosesItsUploadTime() {
    for (String mapping : Mapping.SHIPPED.stream().filter(one -> one.endsWith("-batch")).toList()) {
      String time = mapping.startsWith("amplitude") ? "server_upload_time" : time(mapping);
      List<Parsed> read =
          read(
              mapping,
              """
              {"%1$s": "2026-11-20T10:02:00.123Z", "%2$s": [
                 {"%1$s": "2026-11-25T00:00:00Z", "uuid": "m-1", "messageId": "m-1",
                  "device_id": "d-1", "insert_id": "m-1"}]}
              """
                  .formatted(time, mapping.startsWith("amplitude") ? "events" : "batch"));

      assertThat(event(read.get(0)).uploadMicros()).as(mapping).isEqualTo(UPLOADED);
    }
  }

  private static String time(String mapping) {
    return mapping.startsWith("posthog") ? "created_at" : "receivedAt";
  }
}
