package io.nova.event;

import static io.nova.event.TestMessages.COMPLETE;
import static io.nova.event.TestMessages.assertRefused;
import static io.nova.event.TestMessages.parse;
import static io.nova.event.TestMessages.utf8;
import static io.nova.event.TestMessages.value;
import static io.nova.event.TestMessages.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  @Test
  void eachKindOfColumnTakesItsValue() {
    EventFields fields =
        with(
            "\"city\":\"Z\\u00fcrich\",\"event_id\":-9223372036854775808,\"location_lat\":47.5,"
                + "\"location_lng\":8,\"paying\":true,\"event_time\":\"2026-11-20 10:02:00.000001\","
                + "\"groups\":{\"a\": [1, 2 ] },\"plan\":null,\"sample_rate\":0.5");

    assertThat(value(fields, "city")).isEqualTo("Zürich");
    assertThat(value(fields, "event_id")).isEqualTo(Long.MIN_VALUE);
    assertThat(value(fields, "location_lat")).isEqualTo(47.5);
    assertThat(value(fields, "location_lng")).isEqualTo(8.0);
    assertThat(value(fields, "paying")).isEqualTo(true);
    assertThat(value(fields, "event_time")).isEqualTo(1_795_168_920_000_001L);
    assertThat(value(fields, "groups")).isEqualTo("{\"a\": [1, 2 ] }");
    assertThat(value(fields, "plan")).isNull();
    assertThat(value(fields, "sample_rate")).isEqualTo("0.5");
    assertThat(fields.extra()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"city\":5",
        "\"city\":[\"a\", \"b\"]",
        "\"city\":\"\\ud800\"",
        "\"city\":\"a\\udc00b\"",
        "\"amplitude_attribution_ids\":[ \"x\" ]",
        "\"event_id\":5.0",
        "\"event_id\":9223372036854775808",
        "\"event_id\":1e2",
        "\"event_id\":\"5\"",
        "\"location_lat\":1e400",
        "\"location_lat\":-1e400",
        "\"location_lat\":1e-400",
        "\"location_lat\":\"1\"",
        "\"paying\":\"true\"",
        "\"paying\":1",
        "\"event_time\":\"yesterday\"",
        "\"event_time\":1795168920",
        "\"$schema\":\"x\"",
        "\"unknown\":{ \"a\" : [ ] }",
        "\"unknown\":null",
        "\"un\\u006bnown \\\" key\":\"\\u0000\\ud800\"",
        "\"\":-0.0",
        "\"unknown\":123456789012345678901234567890",
        "\"unknown\":1e400",
      })
  void whatDoesNotFitIsKeptAsItCame(String keyAndValue) {
    EventFields fields = with(keyAndValue);

    assertThat(fields.extra()).isEqualTo("{" + keyAndValue + "}");
    for (Column column : EventSchema.columns()) {
      boolean complete = COMPLETE.contains("\"" + column.key() + "\"");
      assertThat(fields.value(EventSchema.indexOf(column)) != null)
          .as(column.name())
          .isEqualTo(complete);
    }
  }

  @Test
  void misfitsAndUnknownKeysAreKeptInTheirOrder() {
    assertThat(with("\"b\": 1 ,\"city\" : 2\n,\"a\":{\"x\":\"}\"},\"c\":false").extra())
        .isEqualTo("{\"b\":1,\"city\":2,\"a\":{\"x\":\"}\"},\"c\":false}");
  }

  @Test
  void objectsKeepTheirBytes() {
    String json =
        "{ \"[Segment] Group\" : \"\\u00e9é\\ud83d\\ude00\\u0000\" ,\t\"n\":1.50,\"d\":[{}]}";

    EventFields fields =
        with("\"event_properties\" : \n " + json + " , \"data\":[ 1 ],\"plan\":\"p\"");

    assertThat(value(fields, "event_properties")).isEqualTo(json);
    assertThat(value(fields, "data")).isEqualTo("[ 1 ]");
    assertThat(value(fields, "plan")).isEqualTo("\"p\"");
  }

  @Test
  void nulCharactersAreCharacters() {
    assertThat(value(with("\"city\":\"a\\u0000b\""), "city")).isEqualTo("a\0b");
  }

  @Test
  void pairsOfSurrogatesAreCharacters() {
    assertThat(value(with("\"city\":\"\\ud83d\\ude00\""), "city")).isEqualTo("\ud83d\ude00");
  }

  @Test
  void emptyStringsStay() {
    assertThat(value(with("\"city\":\"\""), "city")).isEqualTo("");
  }

  @Test
  void messagesThatAreNoObjectSaySo() {
    assertRefused((byte[]) null, RejectReason.NULL_VALUE);
    assertRefused("", RejectReason.EMPTY);
    assertRefused("[1,{\"a\":2}]", RejectReason.NOT_AN_OBJECT);
    assertRefused(" 12 ", RejectReason.NOT_AN_OBJECT);
    assertRefused("\"text\"", RejectReason.NOT_AN_OBJECT);
    assertRefused("null", RejectReason.NOT_AN_OBJECT);
    assertRefused("true", RejectReason.NOT_AN_OBJECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\n",
        "{",
        "}",
        "{\"app\":}",
        "{\"app\":1,}",
        "{'app':1}",
        "{app:1}",
        "{\"app\":01}",
        "{\"app\":+1}",
        "{\"app\":.5}",
        "{\"app\":NaN}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{} {}",
        "{} x",
        "{},",
        "[1",
        "1 2",
        "nul",
        "\u0000",
        "{\"a\":1}\u0000",
        "/* */{}",
        "// x\n{}",
        "{\"a\":1",
        "{\"a\"",
        "{\"a\":tru}",
        "[1] 2",
      })
  void whatIsNotJsonSaysSo(String text) {
    assertRefused(text, RejectReason.NOT_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff",
        "c0af",
        "c080",
        "e080af",
        "f08080af",
        "eda080",
        "edb080",
        "f4908080",
        "c3",
        "e282",
        "f09f98",
        "80",
        "fe",
        "f8888080",
      })
  void bytesThatAreNotUtf8AreNotJson(String hex) {
    byte[] head = utf8("{\"city\":\"a");
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] tail = utf8("\"," + COMPLETE + "}");
    byte[] message = Arrays.copyOf(head, head.length + bad.length + tail.length);
    System.arraycopy(bad, 0, message, head.length, bad.length);
    System.arraycopy(tail, 0, message, head.length + bad.length, tail.length);

    assertRefused(message, RejectReason.NOT_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void otherEncodingsOfUnicodeAreNotJson(String encoding) {
    String text = "{" + COMPLETE + ",\"unknown\":1,\"groups\":{}}";

    assertRefused(text.getBytes(Charset.forName(encoding)), RejectReason.NOT_JSON);
  }

  @Test
  void byteOrderMarkIsIgnored() {
    Parsed.Event event = (Parsed.Event) parse("\ufeff{" + COMPLETE + ",\"x\":{ },\"plan\":[ 1]}");

    assertThat(event.fields().extra()).isEqualTo("{\"x\":{ }}");
    assertThat(value(event.fields(), "plan")).isEqualTo("[ 1]");
    assertRefused("\ufeff", RejectReason.NOT_JSON);
    assertRefused("\ufeff\ufeff{}", RejectReason.NOT_JSON);
  }

  @Test
  void keysThatOccurTwiceSaySo() {
    assertRefused("{\"app\":1,\"app\":1}", RejectReason.DUPLICATE_KEY);
    assertRefused("{" + COMPLETE + ",\"x\":1,\"x\":2}", RejectReason.DUPLICATE_KEY);
    assertRefused("{" + COMPLETE + ",\"x\":1,\"\\u0078\":2}", RejectReason.DUPLICATE_KEY);
    assertRefused("{" + COMPLETE + ",\"city\":null,\"city\":null}", RejectReason.DUPLICATE_KEY);
    assertThat(with("\"groups\":{\"x\":1,\"x\":2}").extra()).isNull();
  }

  @Test
  void syntaxComesBeforeAllElse() {
    assertRefused("{\"x\":1,\"x\":2", RejectReason.NOT_JSON);
    assertRefused("{\"x\":1,\"x\":2} {}", RejectReason.NOT_JSON);
  }

  @Test
  void depthEndsAtAThousand() {
    assertThat(with("\"groups\":" + nested(999)).extra()).isNull();
    assertRefused("{\"groups\":" + nested(1000) + "}", RejectReason.TOO_DEEP);
    assertRefused("{\"unknown\":" + nested(10_000) + "}", RejectReason.TOO_DEEP);
    assertRefused(nested(10_000), RejectReason.TOO_DEEP);
    assertRefused("[".repeat(100_000), RejectReason.TOO_DEEP);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  @Test
  void tenMegabytesAreRead() {
    String large = "x".repeat(10 << 20);

    assertThat(value(with("\"city\":\"" + large + "\""), "city")).isEqualTo(large);
    assertThat(with("\"unknown\":\"" + large + "\"").extra()).hasSize(large.length() + 14);
    assertThat(value(with("\"groups\":{\"a\":\"" + large + "\"}"), "groups"))
        .isEqualTo("{\"a\":\"" + large + "\"}");
    assertThat(with("\"" + large + "\":1").extra()).hasSize(large.length() + 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"event_id", "location_lat", "unknown", "groups", "city", "app"})
  void numbersOfAMillionDigitsCostNoTime(String key) {
    byte[] whole = utf8("{\"" + key + "\":" + "7".repeat(1_000_000) + "}");
    byte[] fraction = utf8("{\"" + key + "\":0." + "7".repeat(1_000_000) + "}");

    assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          new EventParser().parse(whole);
          new EventParser().parse(fraction);
        });
  }

  @ParameterizedTest
  @EnumSource(Column.Kind.class)
  void everyTypeIsTakenOrKeptForEveryKind(Column.Kind kind) {
    Column column =
        EventSchema.columns().stream()
            .filter(c -> c.kind() == kind && !COMPLETE.contains("\"" + c.key() + "\""))
            .findFirst()
            .orElseThrow();
    for (String json :
        new String[] {"1", "1.5", "\"x\"", "\"\"", "true", "false", "{}", "[]", "-1", "1e400"}) {
      EventFields fields = with("\"" + column.key() + "\":" + json);

      boolean taken = value(fields, column.name()) != null;
      boolean kept = ("{\"" + column.key() + "\":" + json + "}").equals(fields.extra());
      assertThat(taken ^ kept).as(column.key() + " " + json).isTrue();
    }
  }

  @Test
  void nothingMakesItThrow() {
    Random random = new Random(1);
    byte[] good =
        utf8(
            "{"
                + COMPLETE
                + ",\"event_time\":\"2026-11-20T10:02:00.123456789+01:00\",\"groups\":{\"a\":[1e9,null]},"
                + "\"unknown\":\"\\ud83d\\ude00é\",\"location_lat\":-0.1e-7,\"paying\":\"true\"}");
    EventParser parser = new EventParser();
    for (int i = 0; i < 10_000; i++) {
      byte[] message = good.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        message[random.nextInt(message.length)] =
            random.nextBoolean() ? (byte) random.nextInt(256) : good[random.nextInt(good.length)];
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(message.length) : message.length;
      assertThat(parser.parse(Arrays.copyOf(message, length))).isNotNull();
    }
  }

  @Test
  void faultsInAMessageDoNotTouchTheNext() {
    EventParser parser = new EventParser();

    parser.parse("{\"a\":[[[".getBytes(StandardCharsets.UTF_8));

    assertThat(parser.parse(utf8("{" + COMPLETE + "}"))).isInstanceOf(Parsed.Event.class);
    assertThat(parse("{" + COMPLETE + "}")).isInstanceOf(Parsed.Event.class);
  }
}
