package io.nova.console.chart;

import java.util.Optional;

/**
 * The series of a chart: one for each of the most frequent values.
 *
 * @param field the value
 * @param most the greatest number of series
 */
record Grouping(EventField field, int most) {
  private static final int PRESET = 10;
  private static final int GREATEST = 100;

  /** Reads the keys {@code groupBy} and {@code groups} of a form. */
  static Optional<Grouping> read(FormReader form) {
    int most = form.number("groups", PRESET, 1, GREATEST);
    return form.optionalObject("groupBy", EventField::read).map(field -> new Grouping(field, most));
  }

  /** The column of the series. */
  String column() {
    return field.orNone() + " AS series";
  }

  /** The grouping in words. */
  String name() {
    return ", by %s (%d largest)".formatted(field.name(), most);
  }

  static String name(Optional<Grouping> grouping) {
    return grouping.map(Grouping::name).orElse("");
  }
}
