package io.nova.event.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.FingerprintKey;
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
    byte[] message = ("{" + keys + "}").getBytes(StandardCharsets.UTF_8);
    Parsed.Event event = (Parsed.Event) new EventParser().parse(message);
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
}
