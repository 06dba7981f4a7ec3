package io.nova.event.identity;

import static io.nova.event.TestMessages.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.mapping.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityFieldsTest {
  private static final String HEAD = "{\"app\":7,\"server_upload_time\":\"2026-11-20 10:02:00\",";
  private static final IdentityFields SESSION_OF_USER =
      (app, uploadMicros) -> app == 7 ? List.of("user_id", "session_id") : List.of();

  private static Parsed parse(IdentityFields fields, String keys) {
    return new EventParser(Mapping.amplitude(), fields).parse(utf8(HEAD + keys + "}"));
  }

  private static Identity identity(IdentityFields fields, String keys) {
    return ((Parsed.Event) parse(fields, keys)).identity();
  }

  @Test
  void theNamedFieldsAreTheIdentityWhateverElseIsThere() {
    assertThat(
            identity(
                SESSION_OF_USER,
                "\"user_id\":\"u\",\"session_id\":-1,\"uuid\":5,\"device_id\":\"d\""))
        .isEqualTo(new Identity.ByFields(7, List.of("session_id", "user_id"), List.of("-1", "u")));
  }

  @Test
  void theirOrderMeansNothing() {
    String keys = "\"user_id\":\"u\",\"session_id\":3";

    assertThat(identity((app, upload) -> List.of("session_id", "user_id"), keys))
        .isEqualTo(identity(SESSION_OF_USER, keys));
  }

  @Test
  void otherAppsHaveTheirOwn() {
    EventParser parser = new EventParser(Mapping.amplitude(), SESSION_OF_USER);
    String keys = "\"server_upload_time\":\"2026-11-20 10:02:00\",\"uuid\":\"u\",";

    assertThat(((Parsed.Event) parser.parse(utf8("{\"app\":8," + keys + "\"a\":1}"))).identity())
        .isEqualTo(new Identity.ByUuid(8, "u"));
    assertThat(parser.parse(utf8("{\"app\":7," + keys + "\"a\":1}")))
        .isInstanceOf(Parsed.Rejected.class);
  }

  @Test
  void theyMayDependOnTheUploadTime() {
    IdentityFields since =
        (app, uploadMicros) -> uploadMicros < 1_795_168_920_000_000L ? List.of() : List.of("city");
    EventParser parser = new EventParser(Mapping.amplitude(), since);
    String keys = "\"app\":7,\"city\":\"Bern\",\"uuid\":\"u\",\"server_upload_time\":";

    assertThat(
            ((Parsed.Event) parser.parse(utf8("{" + keys + "\"2026-11-20 10:01:59.999999\"}")))
                .identity())
        .isEqualTo(new Identity.ByUuid(7, "u"));
    assertThat(
            ((Parsed.Event) parser.parse(utf8("{" + keys + "\"2026-11-20 10:02:00\"}"))).identity())
        .isEqualTo(new Identity.ByFields(7, List.of("city"), List.of("Bern")));
  }

  @Test
  void timesAreComparedAsInstantsAndFlagsAsTheyAre() {
    IdentityFields fields = (app, upload) -> List.of("event_time", "paying");

    assertThat(identity(fields, "\"paying\":true,\"event_time\":\"2026-11-20T11:00:00+01:00\""))
        .isEqualTo(identity(fields, "\"paying\":true,\"event_time\":\"2026-11-20 10:00:00\""))
        .isNotEqualTo(identity(fields, "\"paying\":false,\"event_time\":\"2026-11-20 10:00:00\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'\"user_id\":\"u\"'; IDENTITY_MISSING; session_id",
        "'\"user_id\":\"u\",\"session_id\":null'; IDENTITY_MISSING; session_id",
        "'\"user_id\":\"\",\"session_id\":1'; IDENTITY_MISSING; user_id",
        "'\"user_id\":5,\"session_id\":1'; IDENTITY_INVALID; user_id",
        "'\"user_id\":\"\\ud800\",\"session_id\":1'; IDENTITY_INVALID; user_id",
        "'\"user_id\":\"u\",\"session_id\":1.0'; IDENTITY_INVALID; session_id",
      })
  void everyFieldMustBeThereAndFit(String keys, RejectReason reason, String named) {
    assertThat(parse(SESSION_OF_USER, keys + ",\"uuid\":\"u\""))
        .isInstanceOfSatisfying(
            Parsed.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.detail()).contains(named);
              assertThat(rejected.app()).isEqualTo(7);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app", "location_lat", "event_properties", "extra", "nobody", "$insert_id"})
  void whatCannotBeComparedIsRejectedByName(String name) {
    assertThatThrownBy(() -> IdentityFields.checked(List.of("uuid", name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void fieldsThatOccurTwiceAreRejected() {
    assertThatThrownBy(() -> IdentityFields.checked(List.of("uuid", "city", "uuid")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }
}
