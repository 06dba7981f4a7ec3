package io.nova.workload.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.workload.generate.Delivery.Kind;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GeneratedMessagesTest {
  private static final GeneratorOptions OPTIONS =
      GeneratorOptions.day(3, 40_000, LocalDate.of(2026, 3, 2), 4);
  private static final Pattern INSERT_ID = Pattern.compile("\"\\$insert_id\":\"[^\"]{36}\"");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<Message> day;
  private static List<JsonNode> good;
  private static Map<Kind, Long> delivered;

  @BeforeAll
  static void generate() {
    day = new ArrayList<>();
    try (GeneratedCursor cursor = new GeneratedCursor(OPTIONS)) {
      cursor.forEachRemaining(day::add);
      delivered = cursor.delivered();
    }
    good = parse();
  }

  @Test
  void countIsExact() {
    assertThat(day).hasSize(40_000);
    assertThat(new GeneratedMessages(OPTIONS).count()).hasValue(40_000);
  }

  @Test
  void sameOptionsGiveTheSameBytes() {
    try (MessageCursor again = new GeneratedMessages(OPTIONS).open()) {
      for (Message message : day) {
        Message same = again.next();
        assertThat(same.value()).isEqualTo(message.value());
        assertThat(same.partition()).isEqualTo(message.partition());
      }
      assertThat(again.hasNext()).isFalse();
    }
  }

  @Test
  void anotherSeedOrDayGivesAnotherDay() {
    for (GeneratorOptions other :
        List.of(
            GeneratorOptions.day(4, 40_000, OPTIONS.day(), 4),
            GeneratorOptions.day(3, 40_000, OPTIONS.day().plusDays(1), 4))) {
      try (MessageCursor cursor = new GeneratedMessages(other).open()) {
        assertThat(cursor.next().value()).isNotEqualTo(day.get(0).value());
      }
    }
  }

  @Test
  void everyKindOfDeliveryOccurs() {
    assertThat(delivered.keySet()).containsExactlyInAnyOrder(Kind.values());
    assertThat(delivered.values()).allMatch(count -> count > 20);
  }

  @Test
  void goodRecordsHaveAll55Keys() {
    HashSet<String> keys = new HashSet<>();
    good.get(0).fieldNames().forEachRemaining(keys::add);
    assertThat(keys).hasSize(55);
    assertThat(good).allMatch(event -> keys.stream().allMatch(event::has));
  }

  @Test
  void copiesComeAgainOnOtherPartitionsAfterSixHours() {
    HashMap<ByteBuffer, Integer> first = new HashMap<>();
    long furthest = 0L;
    int othersPartition = 0;
    for (int i = 0; i < day.size(); i++) {
      Message message = day.get(i);
      if (message.value() == null || message.uploadMicros() == Message.UNKNOWN_TIME) {
        continue;
      }
      Integer seen = first.putIfAbsent(ByteBuffer.wrap(message.value()), i);
      if (seen != null) {
        othersPartition += day.get(seen).partition() == message.partition() ? 0 : 1;
        furthest = Math.max(furthest, position(i) - message.uploadMicros());
      }
    }
    assertThat(othersPartition).isGreaterThan(1_500);
    assertThat(furthest).isGreaterThan(5 * 3_600_000_000L);
  }

  /** The latest upload time among the messages around a place. */
  private static long position(int at) {
    return day.subList(Math.max(0, at - 50), Math.min(day.size(), at + 50)).stream()
        .mapToLong(Message::uploadMicros)
        .max()
        .orElseThrow();
  }

  @Test
  void someEventsAreUploadedADayLater() {
    long late =
        good.stream().filter(e -> days(e, "server_upload_time") > days(e, "event_time")).count();
    assertThat(late).isBetween(40_000L * 3 / 100, 40_000L * 7 / 100);
  }

  @Test
  void uploadsAreOutOfOrderAndOnTheDay() {
    int backwards = 0;
    for (int i = 1; i < day.size(); i++) {
      backwards += day.get(i).uploadMicros() < day.get(i - 1).uploadMicros() ? 1 : 0;
    }
    assertThat(backwards).isGreaterThan(2_500);
    assertThat(good).allMatch(e -> e.get("server_upload_time").asText().startsWith("2026-03-02"));
  }

  @Test
  void copiesAndRetriesCrossTheMidnightsBetweenDays() {
    LocalDate first = OPTIONS.day();
    GeneratorOptions twoDays = new GeneratorOptions(3, 40_000, first, 2, 4);
    long midnight = 1_000_000 * first.plusDays(1).toEpochSecond(LocalTime.MIN, ZoneOffset.UTC);
    long newest = 0;
    int copiesAfterMidnight = 0;
    Map<String, Set<Boolean>> sides = new HashMap<>();
    try (MessageCursor cursor = new GeneratedMessages(twoDays).open()) {
      while (cursor.hasNext()) {
        Message message = cursor.next();
        if (message.uploadMicros() == Message.UNKNOWN_TIME) {
          continue;
        }
        boolean after = message.uploadMicros() >= midnight;
        newest = Math.max(newest, message.uploadMicros());
        copiesAfterMidnight += !after && newest > midnight + 3_600_000_000L ? 1 : 0;
        sides.computeIfAbsent(insertId(message), id -> new HashSet<>()).add(after);
      }
    }
    assertThat(copiesAfterMidnight).isGreaterThan(10);
    assertThat(sides.values()).anyMatch(both -> both.size() == 2);
    assertThat(newest)
        .isBetween(midnight + 23 * 3_600_000_000L, midnight + DayShape.DAY_MICROS - 1);
  }

  /** The insert id of an event that has a long one; of any other, a text of its own. */
  private static String insertId(Message message) {
    String text = new String(Objects.requireNonNull(message.value()), StandardCharsets.UTF_8);
    Matcher id = INSERT_ID.matcher(text);
    return id.find() ? id.group() : text;
  }

  @Test
  void retriesKeepTheIdentityAndMayChangeTheUser() {
    Map<String, Set<String>> users = new HashMap<>();
    for (JsonNode event : good) {
      String id = event.get("$insert_id").asText("") + event.get("device_id").asText();
      if (event.get("$insert_id").asText("").length() == 36) {
        users.computeIfAbsent(id, i -> new HashSet<>()).add(event.get("amplitude_id").asText());
      }
    }
    assertThat(users.values()).anyMatch(several -> several.size() > 1);
  }

  @Test
  void everyKindOfBadRecordIsMadeOfAGoodOne() {
    EventWriter writer = new EventWriter();
    Visit visit = new Visit(3, 1, 1_772_445_600_000_000L, 50);
    EventWriter.Upload upload = new EventWriter.Upload(visit, visit.uploadMicros(0), false);
    byte[] record = writer.write(upload, Visit.SPARE_EVENT, Visit.SPARE_EVENT + 1).get(0);
    for (BadRecords.Kind kind : BadRecords.KINDS) {
      assertThat(kind.of(record)).as(kind.reason() + ": " + kind.what()).isNotEqualTo(record);
    }
    assertThat(BadRecords.KINDS.stream().map(BadRecords.Kind::reason).distinct()).hasSize(14);
  }

  private static List<JsonNode> parse() {
    ArrayList<JsonNode> events = new ArrayList<>();
    for (Message message : day) {
      if (message.uploadMicros() != Message.UNKNOWN_TIME && message.value() != null) {
        try {
          events.add(JSON.readTree(message.value()));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }
    return events;
  }

  private static long days(JsonNode event, String key) {
    return LocalDateTime.parse(event.get(key).asText().replace(' ', 'T'))
        .toLocalDate()
        .toEpochDay();
  }
}
