package io.nova.event.identity;

import static io.nova.event.TestMessages.assertRejected;
import static io.nova.event.TestMessages.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityRuleTest {
  private static final String HEAD = "{\"app\":7,\"server_upload_time\":\"2026-11-20 10:02:00\",";
  private static final String COUNTER =
      "\"device_id\":\"d\",\"event_id\":5,\"client_event_time\":\"2026-11-20 10:00:00\"";

  private static Identity identity(String keys) {
    return ((Parsed.Event) parse(HEAD + keys + "}")).identity();
  }

  @Test
  void deviceAndInsertIdComeFirst() {
    assertThat(identity("\"device_id\":\"d\",\"$insert_id\":\"i\",\"uuid\":\"u\",\"event_id\":5"))
        .isEqualTo(new Identity.ByInsertId(7, "d", "i"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"uuid\":\"u\"",
        "\"uuid\":\"u\",\"device_id\":\"d\"",
        "\"uuid\":\"u\",\"$insert_id\":\"i\"",
        "\"uuid\":\"u\",\"device_id\":\"\",\"$insert_id\":\"i\"",
        "\"uuid\":\"u\",\"device_id\":\"d\",\"$insert_id\":\"\"",
        "\"uuid\":\"u\",\"device_id\":null,\"$insert_id\":\"i\"",
        "\"uuid\":\"u\",\"event_id\":\"wrong\",\"device_id\":\"d\"",
      })
  void withoutOneOfTheTwoItIsTheUuid(String keys) {
    assertThat(identity(keys)).isEqualTo(new Identity.ByUuid(7, "u"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"uuid\":\"\"", ",\"uuid\":null", ",\"$insert_id\":\"\""})
  void withoutBothItIsTheDevicesCounter(String more) {
    assertThat(identity(COUNTER + more))
        .isEqualTo(new Identity.ByCounter(7, "d", 5, 1_795_168_800_000_000L));
  }

  @Test
  void clientTimesAreComparedAsInstants() {
    assertThat(identity(COUNTER))
        .isEqualTo(identity(COUNTER.replace("2026-11-20 10:00:00", "2026-11-20T11:00:00+01:00")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"city\":\"c\"",
        "\"device_id\":\"d\"",
        "\"$insert_id\":\"i\"",
        "\"device_id\":\"d\",\"event_id\":5",
        "\"device_id\":\"\",\"event_id\":5,\"client_event_time\":\"2026-11-20 10:00:00\"",
        "\"device_id\":\"d\",\"event_id\":null,\"client_event_time\":\"2026-11-20 10:00:00\"",
      })
  void noneOfTheThreeIsMissing(String keys) {
    assertRejected(HEAD + keys + "}", RejectReason.IDENTITY_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"device_id\":5,\"$insert_id\":\"i\",\"uuid\":\"u\"",
        "\"device_id\":\"d\",\"$insert_id\":5,\"uuid\":\"u\"",
        "\"device_id\":\"d\",\"$insert_id\":\"i\",\"uuid\":{}",
        "\"device_id\":\"\\ud800\",\"uuid\":\"u\"",
        "\"device_id\":\"d\",\"event_id\":\"5\",\"client_event_time\":\"2026-11-20 10:00:00\"",
        "\"device_id\":\"d\",\"event_id\":5.0,\"client_event_time\":\"2026-11-20 10:00:00\"",
        "\"device_id\":\"d\",\"event_id\":5,\"client_event_time\":\"soon\"",
        "\"device_id\":\"d\",\"event_id\":5,\"client_event_time\":5",
      })
  void aFieldThatCannotBeComparedIsInvalid(String keys) {
    assertRejected(HEAD + keys + "}", RejectReason.IDENTITY_INVALID);
  }

  @Test
  void appComesFirstThenUploadTimeThenIdentity() {
    assertRejected("{}", RejectReason.APP_MISSING);
    assertRejected("{\"app\":null}", RejectReason.APP_MISSING);
    assertRejected("{\"app\":\"7\"}", RejectReason.APP_INVALID);
    assertRejected("{\"app\":7.0}", RejectReason.APP_INVALID);
    assertRejected("{\"app\":9223372036854775808}", RejectReason.APP_INVALID);
    assertRejected("{\"app\":7}", RejectReason.UPLOAD_TIME_MISSING);
    assertRejected("{\"app\":7,\"server_upload_time\":null}", RejectReason.UPLOAD_TIME_MISSING);
    assertRejected("{\"app\":7,\"server_upload_time\":5}", RejectReason.UPLOAD_TIME_INVALID);
    assertRejected("{\"app\":7,\"server_upload_time\":\"x\"}", RejectReason.UPLOAD_TIME_INVALID);
  }

  @Test
  void rejectionsNameTheAppWhereItCouldBeRead() {
    assertThat(((Parsed.Rejected) parse("{\"app\":7}")).app()).isEqualTo(7L);
    assertThat(((Parsed.Rejected) parse("{\"app\":\"x\"}")).app()).isNull();
    assertThat(((Parsed.Rejected) parse("{\"app\":7")).app()).isNull();
  }

  @Test
  void uploadTimesFinerThanAMicrosecondAreRoundedDownAndKept() {
    Parsed.Event event =
        (Parsed.Event)
            parse(
                "{\"app\":7,\"uuid\":\"u\",\"server_upload_time\":\"1969-12-31 23:59:59.9999999\"}");

    assertThat(event.uploadMicros()).isEqualTo(-1);
    assertThat(event.fields().extra())
        .isEqualTo("{\"server_upload_time\":\"1969-12-31 23:59:59.9999999\"}");
  }
}
