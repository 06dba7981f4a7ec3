package io.nova.event.identity;

import io.nova.event.row.Column;
import io.nova.event.row.Column.Kind;
import io.nova.event.row.EventSchema;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/** The columns that make the identity of an app's events. One thread asks for every event. */
@FunctionalInterface
public interface IdentityFields extends Serializable {
  /** The mapping's identity for all events. */
  IdentityFields BY_MAPPING = (app, uploadMicros) -> List.of();

  /** Kinds of columns whose values can be compared: equal values have equal text. */
  Set<Kind> COMPARABLE = Set.of(Kind.STRING, Kind.INTEGER, Kind.BOOLEAN, Kind.TIME);

  /**
   * Names of the columns that make, together with the app, the identity of an event, in any order.
   * Empty for the mapping's identity: the columns that the mapping names, or the three built-in
   * kinds of {@link Identity}.
   *
   * @param uploadMicros the event's upload time, microseconds since 1970
   */
  List<String> of(long app, long uploadMicros);

  /**
   * The same names in the order of the columns, checked.
   *
   * @throws IllegalArgumentException where one is no export column, cannot be compared, occurs
   *     twice, or is the app, which is part of every identity
   */
  static List<String> checked(List<String> names) {
    names.forEach(IdentityFields::check);
    List<String> sorted = names.stream().distinct().sorted().toList();
    if (sorted.size() != names.size()) {
      throw new IllegalArgumentException("Identity fields " + names + ": one occurs twice");
    }
    return sorted;
  }

  private static void check(String name) {
    Column column = EventSchema.columns().get(EventSchema.indexOf(name));
    if (name.equals("app")) {
      throw new IllegalArgumentException(
          "Identity field app: it is part of every identity, leave it out");
    }
    if (!COMPARABLE.contains(column.kind())) {
      throw new IllegalArgumentException(
          "Identity field %s: found a column of kind %s, expected one of %s"
              .formatted(name, column.kind(), COMPARABLE.stream().sorted().toList()));
    }
  }
}
