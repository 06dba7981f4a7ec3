package io.nova.console.chart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Generated events with equal seconds, ties, users of every kind, and missing values. */
final class ChartSeeds {
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private static final long[] MICROS = {0, 1, 499_999, 500_000, 999_999};

  private ChartSeeds() {}

  /** The seeds; {@code -Dnova.chart.seed=N} runs one. */
  static LongStream seeds() {
    long one = Long.getLong("nova.chart.seed", -1);
    return one >= 0 ? LongStream.of(one) : LongStream.range(0, 12);
  }

  /**
   * Events of users.
   *
   * @param most greatest number of events of a user
   * @param span the seconds over which they are spread
   */
  static List<ChartEvent> events(long seed, int users, int most, Duration span) {
    Random random = new Random(seed);
    List<ChartEvent> events = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      int count = random.nextInt(most + 1);
      for (int i = 0; i < count; i++) {
        events.add(event(random, user, span));
      }
    }
    return events;
  }

  private static ChartEvent event(Random random, int user, Duration span) {
    Instant time =
        START
            .plusSeconds(random.nextLong(span.toSeconds()))
            .plusNanos(1000 * MICROS[random.nextInt(MICROS.length)]);
    ChartEvent event =
        new ChartEvent(
            time,
            one(random, "A", "A", "B", "B", "C", "D", null),
            null,
            null,
            null,
            one(random, "DE", "FR", "", "日本", "it's", null),
            Map.of());
    ChartEvent ofUser = ofUser(random, event, user);
    return random.nextBoolean() ? ofUser : ofUser.with("price", price(random));
  }

  /** Users of different kinds have the same text. Events of some have no user. */
  private static ChartEvent ofUser(Random random, ChartEvent event, int user) {
    long number = user / 4;
    return switch (user % 4) {
      case 0 -> event.of(number, random.nextBoolean() ? "u" + user : null, "d");
      case 1 -> event.of(null, Long.toString(number), "d" + random.nextInt(3));
      case 2 -> event.of(null, random.nextBoolean() ? "" : null, Long.toString(number));
      default -> random.nextInt(4) == 0 ? event.of(null, "", null) : event.of(null, "x" + user, "");
    };
  }

  /** Numbers as numbers and as texts, and values that are no numbers. */
  private static String price(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "null";
      case 1 -> "\"free\"";
      case 2 -> "\"nan\"";
      case 3 -> "{\"cents\":5}";
      case 4 -> "\"%d\"".formatted(random.nextInt(5));
      case 5 -> "%d.5".formatted(random.nextInt(5));
      default -> Integer.toString(random.nextInt(5));
    };
  }

  private static @Nullable String one(Random random, @Nullable String... values) {
    return values[random.nextInt(values.length)];
  }
}
