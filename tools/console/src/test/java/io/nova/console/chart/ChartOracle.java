package io.nova.console.chart;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The definitions of the charts in plain Java, by trying everything. It shares no code with the
 * forms.
 */
final class ChartOracle {
  static final String NONE = "(none)";

  /** A user, by the kind of the id and the id. */
  record User(String kind, String id) {}

  /**
   * A path of a user through a funnel.
   *
   * @param steps how many steps it has
   */
  private record Path(int steps, Instant entered, String series) {}

  private ChartOracle() {}

  /** The user of an event: amplitude_id, else user_id, else device_id. */
  static Optional<User> user(ChartEvent event) {
    if (event.amplitudeId() != null) {
      return Optional.of(new User("amplitude_id", event.amplitudeId().toString()));
    }
    if (event.userId() != null && !event.userId().isEmpty()) {
      return Optional.of(new User("user_id", event.userId()));
    }
    if (event.deviceId() != null && !event.deviceId().isEmpty()) {
      return Optional.of(new User("device_id", event.deviceId()));
    }
    return Optional.empty();
  }

  private static Map<User, List<ChartEvent>> byUser(List<ChartEvent> events) {
    return events.stream()
        .filter(event -> user(event).isPresent())
        .collect(Collectors.groupingBy(event -> user(event).orElseThrow()));
  }

  /**
   * Users by series and step.
   *
   * @param steps what an event of each step must be; step 1 includes the range and the segment
   * @param series the series of an event
   * @return for each series the users who came to each step
   */
  static Map<String, List<Long>> funnel(
      List<ChartEvent> events,
      List<Predicate<ChartEvent>> steps,
      Duration window,
      Function<ChartEvent, String> series) {
    Map<String, List<Path>> best = new TreeMap<>();
    byUser(events)
        .values()
        .forEach(
            each ->
                longest(each, steps, window, series)
                    .ifPresent(
                        path ->
                            best.computeIfAbsent(path.series(), s -> new ArrayList<>()).add(path)));
    Map<String, List<Long>> users = new TreeMap<>();
    best.forEach(
        (name, paths) ->
            users.put(
                name,
                Stream.iterate(1, step -> step <= steps.size(), step -> step + 1)
                    .map(step -> paths.stream().filter(path -> path.steps() >= step).count())
                    .toList()));
    return users;
  }

  /** The longest path of a user, then the earliest. */
  private static Optional<Path> longest(
      List<ChartEvent> events,
      List<Predicate<ChartEvent>> steps,
      Duration window,
      Function<ChartEvent, String> series) {
    return events.stream()
        .filter(steps.get(0))
        .map(
            entry -> {
              Walk walk = new Walk(events, steps, entry.time().plus(window));
              return new Path(walk.from(entry, Set.of(), 1), entry.time(), series.apply(entry));
            })
        .min(
            Comparator.comparing((Path path) -> -path.steps())
                .thenComparing(Path::entered)
                .thenComparing(Path::series));
  }

  /** All ways on from an event. */
  private record Walk(List<ChartEvent> events, List<Predicate<ChartEvent>> steps, Instant end) {
    int from(ChartEvent event, Set<ChartEvent> before, int done) {
      if (done == steps.size()) {
        return done;
      }
      Set<ChartEvent> used = identitySet(before, event);
      int most = done;
      for (ChartEvent next : events) {
        boolean inOrder = !second(next).isBefore(second(event));
        if (inOrder
            && !next.time().isAfter(end)
            && steps.get(done).test(next)
            && !used.contains(next)) {
          most = Math.max(most, from(next, used, done + 1));
          if (most == steps.size()) {
            return most;
          }
        }
      }
      return most;
    }

    private static Set<ChartEvent> identitySet(Set<ChartEvent> before, ChartEvent event) {
      Set<ChartEvent> used = Collections.newSetFromMap(new IdentityHashMap<>());
      used.addAll(before);
      used.add(event);
      return used;
    }

    private static Instant second(ChartEvent event) {
      return event.time().truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** The greatest series first, then by name; at most so many. */
  static List<String> largest(Map<String, Long> sizes, int most) {
    return sizes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Days, users for whom they have begun, and users who came back, for days 0 to {@code days}. */
  static List<List<Long>> retention(
      List<ChartEvent> events,
      Predicate<ChartEvent> start,
      Predicate<ChartEvent> back,
      boolean orLater,
      int days,
      Instant latest) {
    List<List<Long>> rows = new ArrayList<>();
    for (long day = 0; day <= days; day++) {
      long users = 0;
      long returned = 0;
      for (List<ChartEvent> each : byUser(events).values()) {
        Optional<Instant> first =
            each.stream().filter(start).map(ChartEvent::time).min(Comparator.naturalOrder());
        if (first.isEmpty()) {
          continue;
        }
        Instant day0 = first.get().truncatedTo(ChronoUnit.HOURS);
        Instant from = day0.plus(Duration.ofHours(24 * day));
        Instant to = from.plus(Duration.ofHours(24));
        if (day > 0 && from.isAfter(latest)) {
          continue;
        }
        users++;
        boolean came =
            each.stream()
                .filter(back)
                .map(ChartEvent::time)
                .filter(time -> !time.isBefore(first.get()))
                .anyMatch(time -> !time.isBefore(from) && (orLater || time.isBefore(to)));
        returned += came ? 1 : 0;
      }
      if (users > 0) {
        rows.add(List.of(day, users, returned));
      }
    }
    return rows;
  }
}
