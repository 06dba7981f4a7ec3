package io.nova.console.chart;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A condition on a value of an event. A missing value equals the text {@code (none)}.
 *
 * @param field the value
 * @param test how it is compared
 * @param values what it is compared with; at least one
 */
record FieldFilter(EventField field, FieldTest test, List<String> values) {
  /** How a value is compared. */
  enum FieldTest {
    /** Equals one of the values. */
    IS("is"),
    /** Equals none of the values. */
    IS_NOT("isNot"),
    /** Contains one of the values. */
    CONTAINS("contains"),
    /** Is a number, and at least the value. */
    AT_LEAST("atLeast"),
    /** Is a number less than the value. */
    BELOW("below");

    private final String word;

    FieldTest(String word) {
      this.word = word;
    }
  }

  static FieldFilter read(FormReader form) {
    EventField field = form.object("field", EventField::read);
    FieldTest test = form.choice("test", List.of(FieldTest.values()), each -> each.word);
    List<String> values = form.texts("values");
    check(test, values, form.at("values"));
    return new FieldFilter(field, test, values);
  }

  private static void check(FieldTest test, List<String> values, String path) {
    if (values.isEmpty()) {
      throw FormException.at(path, "no value", "at least one");
    }
    if (test == FieldTest.AT_LEAST || test == FieldTest.BELOW) {
      if (values.size() != 1 || !isNumber(values.get(0))) {
        throw FormException.at(path, String.join(", ", values), "one number");
      }
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?\\d{1,300}(\\.\\d{1,300})?");
  }

  /** The condition. It is never true for a missing value unless {@code (none)} is meant. */
  String sql() {
    return switch (test) {
      case IS -> is();
      case IS_NOT -> "%s NOT IN %s".formatted(field.orNone(), SqlText.list(values));
      case CONTAINS ->
          values.stream()
              .map(value -> "contains(%s, %s)".formatted(field.sql(), SqlText.literal(value)))
              .collect(Collectors.joining(" OR ", "(", ")"));
      case AT_LEAST -> compared(">=");
      case BELOW -> compared("<");
    };
  }

  private String is() {
    String value = values.contains(EventField.NONE) ? field.orNone() : field.sql();
    return values.size() == 1
        ? "%s = %s".formatted(value, SqlText.literal(values.get(0)))
        : "%s IN %s".formatted(value, SqlText.list(values));
  }

  /** For DuckDB NaN is greater than every number, so it is left out. */
  private String compared(String sign) {
    return "(%1$s %2$s %3$s AND isfinite(%1$s))".formatted(field.number(), sign, values.get(0));
  }
}
