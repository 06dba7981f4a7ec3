package io.nova.event.mapping;

import static io.nova.event.TestMessages.utf8;
import static io.nova.event.TestMessages.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventFields;
import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.identity.Identity;
import io.nova.event.identity.IdentityFields;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
  private static final String OWN =
      "{\"version\":1,\"app\":{\"pointer\":\"/app\",\"values\":{\"web\":7,\"8\":8}},"
          + "\"upload_time\":\"/at\",\"id\":\"/id\",\"identity\":[\"insert_id\"],%s}";
  private static final String HEAD =
      "{\"app\":\"web\",\"at\":\"2026-11-20 10:02:00\",\"id\":\"i\",%s}";

  private static Parsed parse(Mapping mapping, String record) {
    return new EventParser(mapping, IdentityFields.BY_MAPPING).parse(utf8(record));
  }

  private static Parsed.Event event(Mapping mapping, String record) {
    Parsed parsed = parse(mapping, record);
    assertThat(parsed).isInstanceOf(Parsed.Event.class);
    return (Parsed.Event) parsed;
  }

  /** Fields of a record with more keys, by a mapping with more fields. */
  private static EventFields fields(String mapping, String keys) {
    return event(Mapping.parse("own", OWN.formatted(mapping)), HEAD.formatted(keys)).fields();
  }

  private static void assertRejected(
      Mapping mapping, String record, RejectReason reason, String... named) {
    assertThat(parse(mapping, record))
        .isInstanceOfSatisfying(
            Parsed.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.detail()).contains(named);
            });
  }

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

  @Test
  void whatIsMissingIsNamedByFieldAndPointer() {
    Mapping segment = Mapping.of("segment");

    assertRejected(
        segment,
        "{\"messageId\":\"m\"}",
        RejectReason.UPLOAD_TIME_MISSING,
        "upload_time",
        "/receivedAt");
    assertRejected(
        segment,
        "{\"messageId\":\"m\",\"receivedAt\":5}",
        RejectReason.UPLOAD_TIME_INVALID,
        "upload_time",
        "/receivedAt");
    assertRejected(
        segment,
        "{\"receivedAt\":\"2026-11-20T10:02:00Z\"}",
        RejectReason.IDENTITY_MISSING,
        "id",
        "/messageId");
    assertRejected(
        segment,
        "{\"messageId\":5,\"receivedAt\":\"2026-11-20T10:02:00Z\"}",
        RejectReason.IDENTITY_INVALID,
        "id",
        "/messageId");
  }

  @Test
  void appsAreNumberedByTextOrNumber() {
    Mapping mapping = Mapping.parse("own", OWN.formatted("\"type\":\"/t\""));
    String record = "{\"app\":%s,\"at\":\"2026-11-20 10:02:00\",\"id\":\"i\"}";

    Parsed.Event web = event(mapping, record.formatted("\"web\""));
    assertThat(web.identity().app()).isEqualTo(7);
    assertThat(web.fields().extra()).isEqualTo("{\"app\":\"web\"}");
    assertThat(event(mapping, record.formatted("8")).identity().app()).isEqualTo(8);
    assertThat(event(mapping, record.formatted("\"8\"")).identity().app()).isEqualTo(8);
    assertRejected(mapping, record.formatted("7"), RejectReason.APP_INVALID, "/app", "[8, web]");
    assertRejected(mapping, record.formatted("true"), RejectReason.APP_INVALID, "/app");
    assertRejected(mapping, record.formatted("{}"), RejectReason.APP_INVALID, "/app");
    assertRejected(mapping, record.formatted("null"), RejectReason.APP_MISSING, "/app");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        "epoch_seconds; 1795168920; 1795168920000000",
        "epoch_seconds; \"1795168920\"; 1795168920000000",
        "epoch_seconds; 1795168920.000001; 1795168920000001",
        "epoch_seconds; 1.79516892e9; 1795168920000000",
        "epoch_seconds; -1; -1000000",
        "epoch_seconds; 0; 0",
        "epoch_milliseconds; 1795168920123; 1795168920123000",
        "epoch_milliseconds; 1795168920123.5; 1795168920123500",
        "epoch_microseconds; 1795168920123456; 1795168920123456",
        "epoch_microseconds; 9223372036854775807; 9223372036854775807",
      })
  void epochsAreReadInTheirUnit(String format, String json, long micros) {
    EventFields fields =
        fields(
            "\"event_time\":{\"pointer\":\"/t\",\"format\":\"" + format + "\"}", "\"t\":" + json);

    assertThat(value(fields, "event_time")).isEqualTo(micros);
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\"}");
  }

  @Test
  void epochsFinerThanAMicrosecondAreRoundedDownAndKept() {
    EventFields fields =
        fields(
            "\"event_time\":{\"pointer\":\"/t\",\"format\":\"epoch_seconds\"}", "\"t\":-0.0000001");

    assertThat(value(fields, "event_time")).isEqualTo(-1L);
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\",\"t\":-0.0000001}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036855",
        "1e19",
        "1e99999999",
        "1e2147483647",
        "1e-2147483647",
        "1e99999999999",
        "\"\"",
        "\"+5\"",
        "\" 5\"",
        "\"2026-11-20 10:02:00\"",
        "\"NaN\"",
        "\".5\"",
        "\"5.\"",
        "\"05\"",
        "\"\u0665\"",
        "true",
        "[5]",
        "{\"s\":5}",
        "00000000000000000000000000000000000000000000000000000000000000005",
      })
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoEpochIsKept(String json) {
    String quoted = json.startsWith("0") ? "\"" + json + "\"" : json;
    EventFields fields =
        fields(
            "\"event_time\":{\"pointer\":\"/t\",\"format\":\"epoch_seconds\"}", "\"t\":" + quoted);

    assertThat(value(fields, "event_time")).isNull();
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\",\"t\":" + quoted + "}");
  }

  @Test
  void numbersAreTextWhereTheMappingSaysSo() {
    String field = "\"user\":{\"pointer\":\"/u\",\"number_as_text\":true}";

    assertThat(value(fields(field, "\"u\":1.50e3"), "user_id")).isEqualTo("1.50e3");
    assertThat(fields(field, "\"u\":5").extra()).isEqualTo("{\"app\":\"web\",\"u\":5}");
    assertThat(value(fields(field, "\"u\":\"5\""), "user_id")).isEqualTo("5");
    assertThat(value(fields("\"user\":\"/u\"", "\"u\":5"), "user_id")).isNull();
  }

  @Test
  void numbersAsTextCanBeAnIdentity() {
    String text =
        "{\"version\":1,\"app\":{\"constant\":3},\"upload_time\":\"/at\",\"device\":\"/d\","
            + "\"id\":{\"pointer\":\"/id\",\"number_as_text\":true}}";

    assertThat(
            event(
                    Mapping.parse("own", text),
                    "{\"at\":\"2026-11-20 10:02:00\",\"d\":\"x\",\"id\":12}")
                .identity())
        .isEqualTo(new Identity.ByInsertId(3, "x", "12"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"a\":\"1\",\"b\":\"2\"; 1; {\"app\":\"web\",\"b\":\"2\"}",
        "\"b\":\"2\",\"a\":\"1\"; 1; {\"app\":\"web\",\"b\":\"2\"}",
        "\"b\":\"2\"; 2; {\"app\":\"web\"}",
        "\"b\":\"2\",\"a\":null; 2; {\"app\":\"web\"}",
        "\"c\":{\"d\":\"3\"},\"b\":\"2\"; 2; {\"app\":\"web\",\"c\":{\"d\":\"3\"}}",
        "\"c\":{\"d\":\"3\"},\"b\":null; 3; {\"app\":\"web\",\"c\":{\"d\":\"3\"}}",
        "\"c\":{\"d\":\"3\"}; 3; {\"app\":\"web\",\"c\":{\"d\":\"3\"}}",
      })
  void ofSeveralPointersTheFirstPresentWinsWhereverItStands(
      String keys, String expected, String extra) {
    EventFields fields = fields("\"type\":[\"/a\",\"/b\",\"/c/d\"]", keys);

    assertThat(value(fields, "event_type")).isEqualTo(expected);
    assertThat(fields.extra()).isEqualTo(extra);
  }

  @Test
  void theFirstPresentWinsEvenIfItDoesNotFit() {
    EventFields fields = fields("\"type\":[\"/a\",\"/b\"]", "\"b\":\"2\",\"a\":5");

    assertThat(value(fields, "event_type")).isNull();
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\",\"b\":\"2\",\"a\":5}");
  }

  @Test
  void aValueForTwoColumnsIsLeftOutOfTheRestOnceOneHoldsIt() {
    EventFields fields =
        fields(
            "\"type\":[\"/a\",\"/b\"],\"user\":\"/b\",\"event_time\":\"/b\"",
            "\"b\":\"2\",\"a\":\"1\"");

    assertThat(value(fields, "event_type")).isEqualTo("1");
    assertThat(value(fields, "user_id")).isEqualTo("2");
    assertThat(value(fields, "event_time")).isNull();
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\"}");
  }

  @Test
  void pointersGoThroughObjectsAndArrays() {
    EventFields fields =
        fields(
            "\"type\":\"/x/1/~1a~0~1/0\",\"user\":\"/x/01\",\"properties\":\"/x/1\"",
            "\"x\":[ 5, {\"/a~/\" :[ \"deep\",{}]} ,[]]");

    assertThat(value(fields, "event_type")).isEqualTo("deep");
    assertThat(value(fields, "user_id")).isNull();
    assertThat(value(fields, "event_properties")).isEqualTo("{\"/a~/\" :[ \"deep\",{}]}");
    assertThat(fields.extra())
        .isEqualTo("{\"app\":\"web\",\"x\":[ 5, {\"/a~/\" :[ \"deep\",{}]} ,[]]}");
  }

  @Test
  void wholeObjectsAreTakenThoughPointersPassThroughThem() {
    EventFields fields =
        fields(
            "\"type\":\"/x/t\",\"properties\":\"/x\"", "\"x\" : {\"n\":[{}], \"t\":\"\\u0041\"} ");

    assertThat(value(fields, "event_type")).isEqualTo("A");
    assertThat(value(fields, "event_properties")).isEqualTo("{\"n\":[{}], \"t\":\"\\u0041\"}");
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\"}");
  }

  @Test
  void constantsAreInEveryRow() {
    EventFields fields =
        fields(
            "\"columns\":{\"platform\":{\"constant\":\"web\"},\"paying\":{\"constant\":true},"
                + "\"location_lat\":{\"constant\":5},\"event_id\":{\"constant\":-1}}",
            "\"x\":null");

    assertThat(value(fields, "platform")).isEqualTo("web");
    assertThat(value(fields, "paying")).isEqualTo(true);
    assertThat(value(fields, "location_lat")).isEqualTo(5.0);
    assertThat(value(fields, "event_id")).isEqualTo(-1L);
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\",\"x\":null}");
  }

  @Test
  void keysThatOccurTwiceWhereAPointerPassesAreRejected() {
    Mapping github = Mapping.of("github");

    assertRejected(
        github,
        Producers.GITHUB.replace("\"login\":\"ada\"", "\"login\":\"ada\",\"\\u006cogin\":\"eve\""),
        RejectReason.DUPLICATE_KEY,
        "login");
    assertRejected(
        github,
        Producers.GITHUB.replace("\"public\":true", "\"public\":true,\"public\":true"),
        RejectReason.DUPLICATE_KEY,
        "public");
    event(github, Producers.GITHUB.replace("\"size\":1", "\"size\":1,\"size\":2"));
  }

  @Test
  void objectsWhereAValueWasExpectedAreKept() {
    EventFields fields =
        fields("\"type\":\"/t\",\"user\":\"/t/u\"", "\"t\":{\"u\":\"x\",\"v\":[1]}");

    assertThat(value(fields, "event_type")).isNull();
    assertThat(value(fields, "user_id")).isEqualTo("x");
    assertThat(fields.extra()).isEqualTo("{\"app\":\"web\",\"t\":{\"u\":\"x\",\"v\":[1]}}");
  }

  @Test
  void itTravelsAsText() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Mapping.of("segment"));
    }
    Object arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = in.readObject();
    }

    assertThat(arrived).isEqualTo(Mapping.of("segment"));
    assertThat(event((Mapping) arrived, Producers.SEGMENT).identity())
        .isEqualTo(new Identity.ByFields(1, List.of("insert_id"), List.of("m-1")));
  }
}
