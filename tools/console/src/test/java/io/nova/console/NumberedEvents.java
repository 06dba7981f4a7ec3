package io.nova.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Events whose number says everything about them, so that a set of numbers has known answers. Each
 * minute of upload time has some. One in nine comes twice, and one in fifty comes late.
 */
final class NumberedEvents {
  /** The upload time of the first event. */
  static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  /** The batch of the first event, where batches are hours. */
  static final long FIRST_BATCH = TEN.getEpochSecond() / 3600;

  static final int A_MINUTE = 30;
  static final int PARTITIONS = 4;

  private static final List<String> TYPES = List.of("view", "search", "cart", "buy", "leave");
  private static final int USERS = 101;
  private static final int COPY_MINUTES = 3;
  private static final int LATE_MINUTES = 40;
  private static final long FUNNEL_SECONDS = 1_800;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private NumberedEvents() {}

  /** The numbers of the events that are sent in a minute for the first time, the late ones last. */
  static List<Integer> sentIn(int minute) {
    List<Integer> numbers = new ArrayList<>();
    for (int of : List.of(minute, minute - LATE_MINUTES)) {
      for (int number = of * A_MINUTE; of >= 0 && number < (of + 1) * A_MINUTE; number++) {
        if (isLate(number) == (of != minute)) {
          numbers.add(number);
        }
      }
    }
    return numbers;
  }

  /** The numbers of the events that are sent in a minute once more. */
  static List<Integer> copiesIn(int minute) {
    int of = minute - COPY_MINUTES;
    List<Integer> numbers = new ArrayList<>();
    for (int number = of * A_MINUTE; of >= 0 && number < (of + 1) * A_MINUTE; number++) {
      if (number % 9 == 0 && !isLate(number)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static boolean isLate(int number) {
    return number % 50 == 49;
  }

  static int partition(int number) {
    return number % PARTITIONS;
  }

  static long batch(int number) {
    return FIRST_BATCH + number / A_MINUTE / 60;
  }

  static byte[] message(int number) {
    ObjectNode event = message("e" + number, user(number), type(number), time(number));
    event.putObject("event_properties").put("price", price(number));
    return event.toString().getBytes(UTF_8);
  }

  /** An event of these texts. */
  static ObjectNode message(String id, String user, String type, Instant time) {
    return JSON.createObjectNode()
        .put("app", 7)
        .put("device_id", "d")
        .put("$insert_id", id)
        .put("user_id", user)
        .put("event_type", type)
        .put("event_time", time.toString())
        .put("server_upload_time", time.toString());
  }

  static Instant time(int number) {
    return TEN.plus(Duration.ofMinutes(number / A_MINUTE)).plusSeconds(number % A_MINUTE);
  }

  private static String type(int number) {
    return TYPES.get(number * 7 % 13 % TYPES.size());
  }

  private static String user(int number) {
    return "u" + number * 37 % USERS;
  }

  private static int price(int number) {
    return number % 23;
  }

  /** The answer of a question about these events, one text a row. */
  static List<String> answer(EngineQuestion question, Set<Integer> events) {
    return switch (question) {
      case ROWS -> events.stream().map(number -> "e" + number).sorted().toList();
      case BY_TYPE -> counts(events, NumberedEvents::type);
      case BY_FIVE_MINUTES ->
          counts(
              events,
              number ->
                  TIME.format(
                          Instant.ofEpochSecond(
                              Math.floorDiv(time(number).getEpochSecond(), 300) * 300))
                      .substring(0, 16));
      case FILTERED ->
          List.of(
              Long.toString(
                  events.stream()
                      .filter(number -> type(number).equals("buy") && price(number) == 5)
                      .count()));
      case USERS_BY_TYPE -> usersByType(events);
      case FUNNEL -> funnel(events);
      case STREAM ->
          events.stream()
              .filter(number -> user(number).equals("u5"))
              .map(number -> "%s|e%d|%s".formatted(TIME.format(time(number)), number, type(number)))
              .sorted()
              .toList();
    };
  }

  private static List<String> counts(
      Set<Integer> events, java.util.function.Function<Integer, String> group) {
    SortedMap<String, Long> counts =
        events.stream().collect(Collectors.groupingBy(group, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(one -> "%s|%d".formatted(one.getKey(), one.getValue()))
        .toList();
  }

  private static List<String> usersByType(Set<Integer> events) {
    SortedMap<String, Set<String>> users = new TreeMap<>();
    events.forEach(
        number -> users.computeIfAbsent(type(number), type -> new TreeSet<>()).add(user(number)));
    return users.entrySet().stream()
        .map(one -> "%s|%d".formatted(one.getKey(), one.getValue().size()))
        .toList();
  }

  /** Users of "view", and those among them with a "buy" in the next half hour. */
  private static List<String> funnel(Set<Integer> events) {
    Map<String, NavigableSet<Long>> views = seconds(events, "view");
    Map<String, NavigableSet<Long>> buys = seconds(events, "buy");
    long bought =
        views.entrySet().stream()
            .filter(
                user ->
                    user.getValue().stream()
                        .anyMatch(
                            view -> {
                              Long buy =
                                  buys.getOrDefault(user.getKey(), new TreeSet<>()).higher(view);
                              return buy != null && buy <= view + FUNNEL_SECONDS;
                            }))
            .count();
    return List.of("%d|%d".formatted(views.size(), bought));
  }

  private static Map<String, NavigableSet<Long>> seconds(Set<Integer> events, String type) {
    Map<String, NavigableSet<Long>> seconds = new TreeMap<>();
    events.stream()
        .filter(number -> type(number).equals(type))
        .forEach(
            number ->
                seconds
                    .computeIfAbsent(user(number), user -> new TreeSet<>())
                    .add(time(number).getEpochSecond()));
    return seconds;
  }
}
