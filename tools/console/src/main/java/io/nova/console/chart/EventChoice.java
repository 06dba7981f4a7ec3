package io.nova.console.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which events count.
 *
 * @param types event types; empty for every event
 * @param filters conditions that must all hold
 */
record EventChoice(List<String> types, List<FieldFilter> filters) {
  private static final int LONGEST_NAME = 80;
  private static final EventField TYPE = new EventField("event_type", "event_type");

  /** Reads the keys {@code events} and {@code filters} of an object. */
  static EventChoice read(FormReader form) {
    return new EventChoice(form.texts("events"), form.objects("filters", FieldFilter::read));
  }

  /** The same events with further conditions. */
  EventChoice and(List<FieldFilter> more) {
    return new EventChoice(types, Stream.concat(filters.stream(), more.stream()).toList());
  }

  /** Whether no event can be of both choices, as far as the event types say. */
  boolean excludes(EventChoice other) {
    return !types.isEmpty() && !other.types.isEmpty() && Collections.disjoint(types, other.types);
  }

  /** The conditions; none if every event counts. */
  List<String> conditions() {
    ArrayList<String> conditions = new ArrayList<>(ofTypes(types));
    filters.forEach(filter -> conditions.add(filter.sql()));
    return conditions;
  }

  /** The condition that the event type is one of these; none if the list is empty. */
  static List<String> ofTypes(Collection<String> types) {
    return types.isEmpty()
        ? List.of()
        : List.of(new FieldFilter(TYPE, FieldFilter.FieldTest.IS, List.copyOf(types)).sql());
  }

  /** The condition that an event is of one of the choices, as far as the event types say. */
  static List<String> ofAny(List<EventChoice> choices) {
    return choices.stream().anyMatch(choice -> choice.types.isEmpty())
        ? List.of()
        : ofTypes(choices.stream().flatMap(choice -> choice.types.stream()).distinct().toList());
  }

  /** The event types in words. */
  String name() {
    return types.isEmpty() ? "any event" : cut(String.join(" or ", types));
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_NAME
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }
}
