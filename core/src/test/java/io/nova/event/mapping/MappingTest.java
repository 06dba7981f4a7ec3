package io.nova.event.mapping;

import static io.nova.event.TestMessages.value;
import static io.nova.event.mapping.MappedRecords.assertRejected;
import static io.nova.event.mapping.MappedRecords.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.identity.Identity;
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

  /** Fields of a record with more keys, by a mapping with more fields. */
  private static EventFields fields(String mapping, String keys) {
    return event(Mapping.parse("own", OWN.formatted(mapping)), HEAD.formatted(keys)).fields();
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
