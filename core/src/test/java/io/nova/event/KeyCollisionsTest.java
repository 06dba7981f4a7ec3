package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages whose keys have one hash in Jackson's table of keys, whatever its seed. */
class KeyCollisionsTest {
  private static final String EVENT =
      "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"i\","
          + "\"server_upload_time\":\"2026-11-20 10:02:00\"";

  /** Keys of eight letters. Jackson mixes the first four, and adds 33 times the last four. */
  private static List<String> keys(int count) {
    List<String> keys = new ArrayList<>();
    int inverse = 33;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - 33 * inverse;
    }
    for (int n = 0; keys.size() < count; n++) {
      int first = letters(n);
      int mixed = first + (first >>> 15);
      mixed ^= mixed >>> 9;
      int last = (0x5EED - mixed) * inverse;
      if (isText(first) && isText(last)) {
        keys.add(text(first) + text(last));
      }
    }
    return keys;
  }

  private static int letters(int n) {
    int letters = 0;
    for (int i = 0; i < 4; i++, n /= 64) {
      letters = (letters << 8) | ('?' + n % 64);
    }
    return letters;
  }

  private static boolean isText(int four) {
    for (int i = 0; i < 4; i++) {
      int c = (four >>> (8 * i)) & 0xFF;
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static String text(int four) {
    byte[] bytes = {(byte) (four >>> 24), (byte) (four >>> 16), (byte) (four >>> 8), (byte) four};
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static byte[] message(List<String> keys) {
    StringBuilder json = new StringBuilder(EVENT);
    keys.forEach(key -> json.append(",\"").append(key).append("\":1"));
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void messageWithManyKeysOfOneHashIsAnEvent() {
    assertThat(new EventParser().parse(message(keys(4000)))).isInstanceOf(Parsed.Event.class);
  }

  @Test
  void keysOfEarlierMessagesDecideNothing() {
    EventParser parser = new EventParser();
    List<String> keys = keys(4000);
    for (int from = 0; from < keys.size(); from += 100) {
      assertThat(parser.parse(message(keys.subList(from, from + 100))))
          .isInstanceOf(Parsed.Event.class);
    }
  }

  @Test
  void deepMessageIsStillTooDeep() {
    String deep = EVENT + ",\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}";

    Parsed parsed = new EventParser().parse(deep.getBytes(StandardCharsets.UTF_8));

    assertThat(parsed)
        .isInstanceOfSatisfying(
            Parsed.Rejected.class, r -> assertThat(r.reason()).isEqualTo(RejectReason.TOO_DEEP));
  }
}
