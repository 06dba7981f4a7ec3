package io.nova.event;

import static io.nova.event.TestMessages.utf8;
import static io.nova.event.TestMessages.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Elements.Element;
import io.nova.event.identity.IdentityFields;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.RowEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages whose records are the elements of an array. */
class ElementsTest {
  private static final String COLUMNS =
      "\"version\":1,\"app\":{\"constant\":7},\"upload_time\":\"/t\",\"id\":\"/id\","
          + "\"identity\":[\"insert_id\"]";
  private static final Mapping BATCH = mapping("\"each\":\"/batch\"," + COLUMNS);
  private static final Mapping ARRAY = mapping("\"each\":\"\"," + COLUMNS);
  private static final Mapping DEEPER = mapping("\"each\":\"/data/a~1b\"," + COLUMNS);
  private static final Mapping ENVELOPE =
      mapping(
          "\"each\":\"/batch\",\"version\":1,\"app\":{\"pointer\":\"envelope:/key\","
              + "\"values\":{\"k7\":7,\"k8\":8}},"
              + "\"upload_time\":[\"/t\",\"envelope:/meta/t\"],\"id\":\"/id\","
              + "\"user\":[\"/user\",\"envelope:/user\",\"/anonymous\"],"
              + "\"identity\":[\"insert_id\"]");

  private static Mapping mapping(String members) {
    return Mapping.parse("test.json", "{" + members + "}");
  }

  private static EventParser parser(Mapping mapping) {
    return new EventParser(mapping, IdentityFields.BY_MAPPING);
  }

  private static Elements.Found found(Mapping mapping, String message) {
    Elements elements = parser(mapping).parseElements(utf8(message));
    assertThat(elements).isInstanceOf(Elements.Found.class);
    return (Elements.Found) elements;
  }

  private static List<Parsed> outcomes(Elements.Found found) {
    return found.elements().stream().map(element -> element.outcome().get()).toList();
  }

  private static List<String> texts(Elements.Found found) {
    return found.elements().stream()
        .map(element -> new String(element.of(found.message()), StandardCharsets.UTF_8))
        .toList();
  }

  private static String ids(List<Parsed> outcomes) {
    return outcomes.stream()
        .map(
            outcome ->
                outcome instanceof Parsed.Event event
                    ? String.valueOf(value(event.fields(), "insert_id"))
                    : ((Parsed.Rejected) outcome).reason().wireName())
        .collect(Collectors.joining(" "));
  }

  private static String element(String id) {
    return "{\"id\":\"%s\",\"t\":\"2026-11-20T10:02:00Z\"}".formatted(id);
  }

  @Test
  void everyElementIsAnEventWithItsOwnBytes() {
    String a = element("a");
    String b = "{ \"id\" : \"b\", \"p\":{\"x\":[1,{}]}, \"t\":\"2026-11-20T10:02:00Z\" }";
    Elements.Found found =
        found(BATCH, "{\"key\":1, \"batch\" : [ " + a + " , " + b + "\n],\"sent\":{\"batch\":[]}}");

    assertThat(texts(found)).containsExactly(a, b);
    assertThat(ids(outcomes(found))).isEqualTo("a b");
    EventFields second = ((Parsed.Event) found.elements().get(1).outcome().get()).fields();
    assertThat(second.extra()).isEqualTo("{\"p\":{\"x\":[1,{}]}}");
    assertThat(new String(found.envelope(), StandardCharsets.UTF_8))
        .isEqualTo("{\"key\":1, \"batch\" : [],\"sent\":{\"batch\":[]}}");
  }

  @Test
  void theMessageItselfMayBeTheArray() {
    assertThat(ids(outcomes(found(ARRAY, "\uFEFF [" + element("a") + "," + element("b") + "] "))))
        .isEqualTo("a b");
  }

  @Test
  void theArrayMayBeDeeperInTheMessage() {
    assertThat(
            ids(outcomes(found(DEEPER, "{\"data\":{\"a/b\":[" + element("a") + "]},\"x\":[2]}"))))
        .isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "7; not_an_object; 7",
        "-1.5e3; not_an_object; -1.5e3",
        "null; not_an_object; null",
        "\"x\\\"\"; not_an_object; \"x\\\"\"",
        "[{},[]]; not_an_object; [{},[]]",
        "{}; upload_time_missing; {}",
        "{\"t\":1}; upload_time_invalid; {\"t\":1}",
        "{\"t\":\"2026-11-20T10:02:00Z\"}; identity_missing; {\"t\":\"2026-11-20T10:02:00Z\"}",
        "{\"t\":0,\"t\":1}; duplicate_key; {\"t\":0,\"t\":1}",
      })
  void aBadElementIsRejectedAlone(String bad, String reason, String bytes) {
    Elements.Found found =
        found(BATCH, "{\"batch\":[" + element("a") + "," + bad + "," + element("b") + "]}");

    assertThat(ids(outcomes(found))).isEqualTo("a " + reason + " b");
    assertThat(texts(found).get(1)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; elements_missing; /batch: found nothing",
        "{\"batch\":null}; elements_missing; /batch: found nothing",
        "[]; elements_missing; /batch: found nothing",
        "7; elements_missing; /batch: found nothing",
        "{\"batch\":{}}; elements_invalid; found START_OBJECT, expected an array",
        "{\"batch\":\"[]\"}; elements_invalid; found VALUE_STRING, expected an array",
        "{\"batch\":[]; not_json; ",
        "{\"batch\":[{}; not_json; ",
        "{\"batch\":[{}]} x; not_json; ",
        "{\"batch\":[{},]}; not_json; ",
        "{\"batch\":[{}] \"x\":1}; not_json; ",
        "{\"batch\":[{}],\"x\":tru}; not_json; ",
        "{\"batch\":[],\"batch\":[{}]}; duplicate_key; \"batch\" occurs twice",
        "{\"x\":1,\"batch\":[],\"x\":2}; duplicate_key; \"x\" occurs twice",
        "` `; not_json; blank",
      })
  void aFaultOfTheMessageIsOne(String message, String reason, String detail) {
    assertThat(parser(BATCH).parseElements(utf8(message)))
        .isInstanceOfSatisfying(
            Elements.Faulty.class,
            faulty -> {
              assertThat(faulty.why().reason().wireName()).isEqualTo(reason);
              assertThat(faulty.why().detail()).contains(detail == null ? "" : detail);
            });
  }

  @Test
  void noValueAndTooDeepValuesAreFaultsOfTheMessage() {
    assertThat(reason(parser(BATCH).parseElements(null))).isEqualTo(RejectReason.NULL_VALUE);
    assertThat(reason(parser(BATCH).parseElements(new byte[0]))).isEqualTo(RejectReason.EMPTY);
    String deep = "[".repeat(1000) + "]".repeat(1000);
    assertThat(reason(parser(BATCH).parseElements(utf8("{\"batch\":[" + deep + "]}"))))
        .isEqualTo(RejectReason.TOO_DEEP);
  }

  private static RejectReason reason(Elements elements) {
    return ((Elements.Faulty) elements).why().reason();
  }

  @Test
  void anEmptyArrayHasNoElement() {
    assertThat(found(BATCH, "{\"batch\":[ ]}").elements()).isEmpty();
    assertThat(found(ARRAY, "[]").elements()).isEmpty();
  }

  @Test
  void oneElementMoreThanTheMostIsAFault() {
    String most = ",{}".repeat(Elements.MOST).substring(1);

    assertThat(found(ARRAY, "[" + most + "]").elements()).hasSize(Elements.MOST);
    Elements more = parser(ARRAY).parseElements(utf8("[" + most + ",{}]"));
    assertThat(((Elements.Faulty) more).why())
        .isEqualTo(
            new Parsed.Rejected(
                RejectReason.ELEMENTS_INVALID,
                "found 10001 elements, expected at most 10000",
                null));
  }

  @Test
  void theEnvelopeGivesWhatTheElementLacks() {
    String message =
        "{\"batch\":[{\"id\":\"a\"},{\"id\":\"b\",\"t\":\"2026-11-20T10:05:00Z\","
            + "\"user\":\"own\"}],\"key\":\"k8\",\"meta\":{\"t\":\"2026-11-20T10:02:00Z\"},"
            + "\"user\":\"all\"}";
    List<Parsed> outcomes = outcomes(found(ENVELOPE, message));

    Parsed.Event first = (Parsed.Event) outcomes.get(0);
    assertThat(first.identity().app()).isEqualTo(8);
    assertThat(first.uploadMicros()).isEqualTo(1_795_168_920_000_000L);
    assertThat(value(first.fields(), "user_id")).isEqualTo("all");
    assertThat(first.fields().extra()).isNull();
    Parsed.Event second = (Parsed.Event) outcomes.get(1);
    assertThat(second.uploadMicros()).isEqualTo(1_795_169_100_000_000L);
    assertThat(value(second.fields(), "user_id")).isEqualTo("own");
  }

  /** Its rank lies between the two of the element: the displaced key goes to extra. */
  @Test
  void theEnvelopeDisplacesAPointerOfAHigherRank() {
    String message =
        "{\"key\":\"k7\",\"user\":\"all\",\"batch\":[{\"id\":\"a\",\"anonymous\":\"n\","
            + "\"t\":\"2026-11-20T10:05:00Z\"}]}";
    EventFields fields = ((Parsed.Event) outcomes(found(ENVELOPE, message)).get(0)).fields();

    assertThat(value(fields, "user_id")).isEqualTo("all");
    assertThat(fields.extra()).isEqualTo("{\"anonymous\":\"n\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "; app_missing",
        "\"key\":null,; app_missing",
        "\"key\":\"k9\",; app_invalid",
        "\"key\":{\"k7\":7},; app_invalid",
        "\"key\":\"k7\",\"meta\":[\"2026-11-20T10:02:00Z\"],; upload_time_missing",
        "\"key\":\"k7\",\"meta\":{\"t\":5},; upload_time_invalid",
      })
  void aBadValueOfTheEnvelopeRejectsEachElement(String members, String reason) {
    String message =
        "{%s\"batch\":[{\"id\":\"a\"},{\"id\":\"b\"}]}".formatted(members == null ? "" : members);

    assertThat(ids(outcomes(found(ENVELOPE, message)))).isEqualTo(reason + " " + reason);
  }

  @Test
  void anEnvelopeThatIsTooLargeIsAFault() {
    String around = "{\"batch\":[%s],\"pad\":\"%s\"}";
    int most = Elements.LARGEST_ENVELOPE - around.formatted("", "").length();

    assertThat(found(ENVELOPE, around.formatted("{}", "x".repeat(most))).envelope())
        .hasSize(Elements.LARGEST_ENVELOPE);
    Elements larger =
        parser(ENVELOPE).parseElements(utf8(around.formatted("{}", "x".repeat(most + 1))));
    assertThat(((Elements.Faulty) larger).why().detail())
        .isEqualTo("found an envelope of 8193 bytes around the elements, expected at most 8192");
  }

  /** A small message would else become many times its size on the rejected topic. */
  @Test
  void copiesOfAnEnvelopeThatAreTooLargeTogetherAreAFault() {
    String around = "{\"batch\":[%s],\"pad\":\"%s\"}";
    String pad = "x".repeat(8_192 - around.formatted("", "").length());
    String most = ",7".repeat(2_048).substring(1);

    assertThat(found(ENVELOPE, around.formatted(most, pad)).envelope()).hasSize(8_192);
    String more = around.formatted(most + ",7", pad);
    assertThat(((Elements.Faulty) parser(ENVELOPE).parseElements(utf8(more))).why())
        .isEqualTo(
            new Parsed.Rejected(
                RejectReason.ELEMENTS_INVALID,
                "found 2049 elements with an envelope of 8192 bytes each, expected at most 16777216"
                    + " bytes together",
                null));
    assertThat(found(BATCH, more).envelope()).as("no pointer reads it").isEmpty();
  }

  @Test
  void anEnvelopeThatNoPointerReadsIsLeftOutIfItIsTooLarge() {
    String around = "{\"batch\":[{}],\"pad\":\"%s\"}";

    assertThat(found(BATCH, around.formatted("x".repeat(8_000))).envelope()).hasSize(8_021);
    assertThat(found(BATCH, around.formatted("x".repeat(9_000))).envelope()).isEmpty();
  }

  /** So a rejected element can be replayed alone. */
  @Test
  void anElementTakenOutWithItsEnvelopeIsTheSameEvent() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      Elements.Found found = found(ENVELOPE, message(random));
      EventParser alone = parser(ENVELOPE);
      for (Element element : found.elements()) {
        Parsed there = element.outcome().get();
        Parsed taken = alone.parseElement(element.of(found.message()), found.envelope());

        assertThat(described(taken)).isEqualTo(described(there));
      }
    }
  }

  private static String message(Random random) {
    List<String> members = new ArrayList<>();
    members.add(
        "\"batch\":"
            + IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> member(random, i))
                .collect(Collectors.joining(",", "[", "]")));
    for (String member :
        List.of(
            "\"key\":\"k7\"",
            "\"meta\":{\"t\":\"2026-11-20T10:02:00Z\",\"y\":[1]}",
            "\"user\":\"\\u0041ll\"",
            "\"other\":{\"batch\":[{}]}")) {
      if (random.nextInt(4) > 0) {
        members.add(random.nextInt(members.size() + 1), member);
      }
    }
    return members.stream().collect(Collectors.joining(" , ", "{", "}"));
  }

  private static String member(Random random, int i) {
    return switch (random.nextInt(8)) {
      case 0 -> "null";
      case 1 -> "{\"id\":5,\"user\":{}}";
      case 2 -> "{\"id\":\"%d\",\"t\":\"never\",\"user\":\"u\"}".formatted(i);
      case 3 -> "{\"id\":\"%d\",\"anonymous\":\"n\",\"p\":[{\"a\":\"\\\"\"}]}".formatted(i);
      case 4 -> "{\"id\":\"%d\",\"user\":null,\"anonymous\":\"\u00e9\"}".formatted(i);
      default -> "{\"id\":\"%d\",\"t\":\"2026-11-20T10:0%d:00Z\"}".formatted(i, i);
    };
  }

  private static String described(Parsed parsed) {
    if (parsed instanceof Parsed.Rejected rejected) {
      return rejected.toString();
    }
    Parsed.Event event = (Parsed.Event) parsed;
    byte[] row =
        new RowEncoder()
            .encode(event.fields(), new RowEncoder.Placement(0, 0, "events", 0, 0, 0, null));
    return event.identity() + " " + new String(row, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aBrokenEnvelopeOfATakenElementHasNoValues() {
    Parsed parsed = parser(ENVELOPE).parseElement(utf8("{\"id\":\"a\"}"), utf8("{\"key\":\"k7\""));

    assertThat(((Parsed.Rejected) parsed).reason()).isEqualTo(RejectReason.APP_MISSING);
  }
}
