package io.nova.event.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.IdentityFields;
import io.nova.event.mapping.Mapping;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadDigestTest {
  private static final String EVENT =
      "\"app\":1,\"device_id\":\"d\",\"$insert_id\":\"i\",\"event_type\":\"open\","
          + "\"client_event_time\":\"2026-11-20 10:00:00.000000\","
          + "\"event_properties\":{\"a\": 1},";
  private static final String STAMPS =
      "\"server_upload_time\":\"2026-11-20 10:02:00.000000\",\"uuid\":\"u1\"";

  private static long digest(String keys) {
    return digest(Mapping.amplitude(), keys);
  }

  private static long digest(Mapping mapping, String keys) {
    byte[] message = ("{" + keys + "}").getBytes(StandardCharsets.UTF_8);
    Parsed.Event event =
        (Parsed.Event) new EventParser(mapping, IdentityFields.BY_MAPPING).parse(message);
    RowEncoder encoder = new RowEncoder();
    byte[] row =
        encoder.encode(event.fields(), new RowEncoder.Placement(1, 2, "events", 3, message.length));
    return new PayloadDigest(FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"))
        .of(row, encoder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"server_upload_time\":\"2026-11-20 10:07:00.000000\",\"uuid\":\"u2\"",
        "\"server_upload_time\":\"2026-11-20 10:02:00.000000\",\"uuid\":\"u1\","
            + "\"amplitude_id\":7,\"ip_address\":\"10.0.0.1\",\"city\":\"Bern\","
            + "\"processed_time\":\"2026-11-20 11:00:00.000000\","
            + "\"event_time\":\"2026-11-20 10:00:01.000000\""
      })
  void whatAServerAddsIsNoPartOfThePayload(String stamps) {
    assertThat(digest(EVENT + stamps)).isEqualTo(digest(EVENT + STAMPS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"user_id\":\"someone\"",
        "\"unknown\":1",
        "\"platform\":\"iOS\"",
        "\"user_properties\":{}",
        "\"version_name\":\"\"",
        "\"event_id\":5"
      })
  void whatTheClientSentIsPartOfIt(String more) {
    assertThat(digest(EVENT + STAMPS + "," + more)).isNotEqualTo(digest(EVENT + STAMPS));
  }

  @Test
  void eventTimeCountsWhereTheClientsTimeIsNotThere() {
    String without = EVENT.replaceFirst("\"client_event_time\":\"[^\"]*\",", "");
    assertThat(digest(without + STAMPS + ",\"event_time\":\"2026-11-20 10:00:01.000000\""))
        .isNotEqualTo(digest(without + STAMPS + ",\"event_time\":\"2026-11-20 10:00:02.000000\""));
  }

  @Test
  void propertiesCountByTheirBytes() {
    assertThat(digest(EVENT.replace("{\"a\": 1}", "{\"a\":1}") + STAMPS))
        .isNotEqualTo(digest(EVENT + STAMPS));
  }

  /** Stamps that do not fit their columns are in {@code extra}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"server_received_time\":\"2026-11-20 10:07:00.123456789\"",
        "\"server_received_time\":\"later\",\"processed_time\":{\"at\":[1, 2]}",
        "\"amplitude_id\":\"12\",\"ip_address\":[\"10.0.0.1\"],\"city\":7,\"dma\":true",
        "\"client_upload_time\":17,\"event_time\":\"2026-11-20 10:00:00.123456789\""
      })
  void whatAServerAddsIsNoPartOfThePayloadWhereItDoesNotFit(String stamps) {
    assertThat(digest(EVENT + STAMPS + "," + stamps)).isEqualTo(digest(EVENT + STAMPS));
    assertThat(digest(EVENT + STAMPS + "," + stamps + ",\"mine\":1"))
        .isEqualTo(digest(EVENT + STAMPS + ",\"mine\":1"))
        .isNotEqualTo(digest(EVENT + STAMPS + ",\"mine\":2"));
  }

  @Test
  void uploadTimeFinerThanAMicrosecondIsNoPartOfIt() {
    String finer = "\"server_upload_time\":\"2026-11-20 10:02:00.000000001\",\"uuid\":\"u1\"";
    assertThat(digest(EVENT + finer)).isEqualTo(digest(EVENT + STAMPS));
  }

  @Test
  void eventTimeThatDoesNotFitCountsWhereTheClientsTimeIsNotThere() {
    String without = EVENT.replaceFirst("\"client_event_time\":\"[^\"]*\",", "");
    assertThat(digest(without + STAMPS + ",\"event_time\":\"soon\""))
        .isNotEqualTo(digest(without + STAMPS + ",\"event_time\":\"later\""));
  }

  private static long segment(String keys) {
    return digest(
        Mapping.of("segment"),
        "\"messageId\":\"m\",\"type\":\"track\",\"anonymousId\":\"a\","
            + "\"originalTimestamp\":\"2026-11-20T10:00:00.010Z\","
            + keys);
  }

  @Test
  void segmentsStampsAreNoPartOfItHoweverFineTheyAre() {
    String context = ",\"context\":{\"locale\":\"de\"}";
    long first =
        segment(
            "\"receivedAt\":\"2026-11-20T10:00:00.100Z\",\"sentAt\":\"2026-11-20T10:00:00.050Z\""
                + context);
    assertThat(
            segment(
                "\"receivedAt\":\"2026-11-20T10:01:00.100123456Z\",\"sentAt\":\"soon\","
                    + "\"timestamp\":\"2026-11-20T10:00:00.060123456Z\""
                    + context))
        .isEqualTo(first);
  }

  /** The object is in {@code extra} as it came. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ip\":\"10.0.0.1\",\"locale\":\"de\",\"x\":{\"ip\":1}}",
        "{\"ip\" : [\"10.0.0.2\"] , \"locale\":\"de\",\"x\":{\"ip\":1}}",
        "{\"locale\":\"de\",\"ip\":null,\"x\":{\"ip\":1}}",
        "{\"locale\":\"de\",\"x\":{\"ip\":1}, \"ip\":\"10.0.0.3\"}",
        "{\"locale\":\"de\",\"x\":{\"ip\":1}}"
      })
  void stampWithinAnObjectIsNoPartOfIt(String context) {
    String upload = "\"receivedAt\":\"2026-11-20T10:00:00.100Z\",\"context\":";
    assertThat(segment(upload + context))
        .isEqualTo(segment(upload + "{\"locale\":\"de\",\"x\":{\"ip\":1}}"))
        .isNotEqualTo(segment(upload + "{\"locale\":\"de\",\"x\":{\"ip\":2}}"));
  }

  /** The collector and the enrichment add these. */
  @Test
  void snowplowsStampsAreNoPartOfIt() {
    String sent =
        "\"event_id\":\"e\",\"event_name\":\"page\",\"dvce_created_tstamp\":\"2026-11-20 10:00:00\","
            + "\"geo_latitude\":46.9,\"geo_zipcode\":\"3011\",";
    Mapping snowplow = Mapping.of("snowplow");
    long first = digest(snowplow, sent + "\"collector_tstamp\":\"2026-11-20 10:00:01.5\"");
    assertThat(
            digest(
                snowplow,
                sent
                    + "\"collector_tstamp\":\"2026-11-20T10:07:01.123456789Z\","
                    + "\"etl_tstamp\":\"soon\",\"dvce_sent_tstamp\":\"2026-11-20 10:07:00\","
                    + "\"derived_tstamp\":\"2026-11-20 10:00:01.2\",\"user_ipaddress\":\"10.0.0.1\","
                    + "\"geo_country\":\"CH\",\"geo_region_name\":7,\"geo_city\":\"Bern\""))
        .isEqualTo(first);
    assertThat(
            digest(
                snowplow,
                sent.replace("3011", "8001") + "\"collector_tstamp\":\"2026-11-20 10:00:01.5\""))
        .as("docs/guides/deduplication.md says so")
        .isNotEqualTo(first);
  }

  /** A column for objects has the stamp in it, and so has {@code extra}. */
  @Test
  void stampsWithinPropertiesAreNoPartOfIt() {
    Mapping mapping =
        Mapping.parse(
            "test",
            "{\"version\":1,\"app\":{\"constant\":1},\"upload_time\":\"/p/at\",\"id\":\"/id\",\"identity\":[\"insert_id\"],"
                + "\"properties\":\"/p\",\"columns\":{\"city\":\"/p/where/0\","
                + "\"country\":\"/p/where/1\"}}");
    String at = "\"id\":\"i\",\"p\":{\"at\":\"2026-11-20 10:0";
    assertThat(digest(mapping, at + "0:00\",\"where\":[\"Bern\",\"CH\",3]}"))
        .isEqualTo(digest(mapping, at + "1:00\",\"where\":[7, \"DE\", 3]}"))
        .isNotEqualTo(digest(mapping, at + "0:00\",\"where\":[\"Bern\",\"CH\",4]}"));
  }

  /** The second pointer has a value, but the first one wins, so extra has the second. */
  @Test
  void stampOfAPointerThatAnotherWinsOverIsNoPartOfIt() {
    Mapping mapping =
        Mapping.parse(
            "test",
            "{\"version\":1,\"app\":{\"constant\":1},\"id\":\"/id\",\"identity\":[\"insert_id\"],"
                + "\"upload_time\":[\"/received\",\"/queued\"]}");
    String received = "\"id\":\"i\",\"received\":\"2026-11-20 10:00:00\"";
    assertThat(digest(mapping, received + ",\"queued\":\"2026-11-20 09:59:58\""))
        .isEqualTo(digest(mapping, received + ",\"queued\":\"2026-11-20 09:59:59\""))
        .isEqualTo(digest(mapping, "\"queued\":\"2026-11-20 10:00:00\",\"id\":\"i\""));
  }
}
