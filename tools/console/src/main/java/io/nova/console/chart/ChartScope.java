package io.nova.console.chart;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table and the range of event time that a chart reads.
 *
 * @param table {@code events} or {@code lambda_events}
 * @param from the least event time; empty without a bound
 * @param to the event time at which the range ends, exclusive; empty without a bound
 */
record ChartScope(String table, Optional<Instant> from, Optional<Instant> to) {
  private static final List<String> TABLES = List.of("events", "lambda_events");

  /** Reads the keys {@code table}, {@code from} and {@code to} of a form. */
  static ChartScope read(FormReader form) {
    String table = form.optionalChoice("table", TABLES, name -> name).orElse(TABLES.get(0));
    Optional<Instant> from = form.optionalInstant("from");
    Optional<Instant> to = form.optionalInstant("to");
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw FormException.at(form.at("to"), to.get().toString(), "a time after " + from.get());
    }
    return new ChartScope(table, from, to);
  }

  /** The conditions on event time. An event without event time is on no chart. */
  List<String> conditions() {
    return between(from, to);
  }

  /** Like {@link #conditions()}, for events that have an event time; none without bounds. */
  List<String> bounds() {
    return from.isEmpty() && to.isEmpty() ? List.of() : conditions();
  }

  /** Like {@link #conditions()}, from the start of the first second until some time later. */
  List<String> conditions(Duration later) {
    return between(
        from.map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
        to.map(time -> time.plus(later).plusSeconds(1)));
  }

  /** Like {@link #conditions()}, without an end. */
  List<String> conditionsWithoutEnd() {
    return between(from, Optional.empty());
  }

  private static List<String> between(Optional<Instant> from, Optional<Instant> to) {
    ArrayList<String> conditions = new ArrayList<>();
    from.ifPresent(time -> conditions.add("event_time >= " + SqlText.instant(time)));
    to.ifPresent(time -> conditions.add("event_time < " + SqlText.instant(time)));
    return conditions.isEmpty() ? List.of("event_time IS NOT NULL") : conditions;
  }
}
