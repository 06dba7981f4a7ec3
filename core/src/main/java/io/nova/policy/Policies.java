package io.nova.policy;

import io.nova.event.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The policies of all apps over all upload time.
 *
 * <p>The policy of an event follows from its app and its upload time alone. So it is the same for a
 * copy that is sent again, in a replay and after a restart. Immutable.
 */
public final class Policies {
  private final Timeline others;
  private final Map<Long, Timeline> byApp = new HashMap<>();
  private final List<PolicyEntry> entries;

  /**
   * The policies of an app and the upload times that they begin at, oldest first. The first has no
   * beginning.
   */
  private record Timeline(List<Long> fromMicros, List<Policy> policies) {
    Policy at(long uploadMicros) {
      int last = policies.size() - 1;
      while (last > 0 && fromMicros.get(last) > uploadMicros) {
        last--;
      }
      return policies.get(last);
    }
  }

  private Policies(Policy base, List<PolicyEntry> entries) {
    this.entries = List.copyOf(entries);
    this.others = timeline(base, Optional.empty());
    entries.stream()
        .flatMap(entry -> entry.app().stream())
        .forEach(app -> byApp.put(app, timeline(base, Optional.of(app))));
  }

  /** One policy for everything. */
  public static Policies always(Policy policy) {
    return new Policies(policy, List.of());
  }

  static Policies of(Policy base, List<PolicyEntry> entries) {
    return new Policies(base, entries);
  }

  /** An app's own entries override those for all apps, whichever is younger. */
  private Timeline timeline(Policy base, Optional<Long> app) {
    List<Instant> changes =
        Stream.concat(Stream.of(Instant.MIN), entriesFor(app).map(PolicyEntry::from))
            .distinct()
            .sorted()
            .toList();
    return new Timeline(
        changes.stream().map(Policies::micros).toList(),
        changes.stream().map(at -> at(base, app, at)).toList());
  }

  private Policy at(Policy base, Optional<Long> app, Instant time) {
    Policy policy = base;
    for (PolicyEntry entry : entriesFor(app).toList()) {
      policy = entry.from().isAfter(time) ? policy : entry.over(policy);
    }
    return policy;
  }

  /** The entries in the order in which they override each other. */
  private Stream<PolicyEntry> entriesFor(Optional<Long> app) {
    return entries.stream()
        .filter(entry -> entry.app().isEmpty() || entry.app().equals(app))
        .sorted(
            Comparator.comparing((PolicyEntry entry) -> entry.app().isPresent())
                .thenComparing(PolicyEntry::from));
  }

  private static long micros(Instant time) {
    return time.equals(Instant.MIN)
        ? Micros.UNKNOWN
        : time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }

  /**
   * The policy of an event.
   *
   * @param uploadMicros its upload time, microseconds since 1970
   */
  public Policy of(long app, long uploadMicros) {
    Timeline timeline = byApp.isEmpty() ? others : byApp.getOrDefault(app, others);
    return timeline.at(uploadMicros);
  }

  private Stream<Policy> all() {
    return Stream.concat(Stream.of(others), byApp.values().stream())
        .flatMap(timeline -> timeline.policies().stream());
  }

  /** The largest dedup window that any event may have. */
  public Duration largestWindow() {
    return all().map(Policy::window).max(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * The entries that an earlier version lacks and that begin before an upload time: changes that
   * come too late for events that have been read.
   */
  public List<String> tooLateSince(Policies earlier, long uploadMicros) {
    List<PolicyEntry> late = new ArrayList<>(entries);
    late.removeAll(earlier.entries);
    late.removeIf(entry -> micros(entry.from()) > uploadMicros);
    return late.stream().map(PolicyEntry::toString).toList();
  }
}
