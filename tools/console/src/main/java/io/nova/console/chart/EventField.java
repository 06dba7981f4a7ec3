package io.nova.console.chart;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A value of an event: a column, or a property of one of its JSON objects.
 *
 * @param name of the column or of the property
 * @param sql the value as text, or NULL if it is missing
 */
record EventField(String name, String sql) {
  /** How a missing value is shown and named. */
  static final String NONE = "(none)";

  private static final Set<Column.Kind> PLAIN =
      Set.of(Column.Kind.STRING, Column.Kind.INTEGER, Column.Kind.DOUBLE, Column.Kind.BOOLEAN);

  /** The objects that have properties, by the word of a form. */
  private enum PropertyObject {
    EVENT("event", "event_properties"),
    USER("user", "user_properties"),
    GROUP("group", "group_properties"),
    GROUPS("groups", "groups");

    final String word;
    final String column;

    PropertyObject(String word, String column) {
      this.word = word;
      this.column = column;
    }
  }

  /** Reads {@code {"column": NAME}}, or {@code {"event": NAME}} for a property of the event. */
  static EventField read(FormReader form) {
    List<String> keys = form.keys();
    if (keys.equals(List.of("column"))) {
      return column(form.text("column"), form.at("column"));
    }
    return Arrays.stream(PropertyObject.values())
        .filter(object -> keys.equals(List.of(object.word)))
        .findFirst()
        .map(object -> property(object.column, form.text(object.word)))
        .orElseThrow(
            () ->
                FormException.at(
                    form.path(),
                    keys.isEmpty() ? "no key" : String.join(", ", keys),
                    "one of the keys column, event, user, group, groups"));
  }

  private static EventField column(String name, String path) {
    return EventSchema.columns().stream()
        .filter(column -> column.name().equals(name) && PLAIN.contains(column.kind()))
        .findFirst()
        .map(EventField::column)
        .orElseThrow(
            () ->
                FormException.at(
                    path,
                    name,
                    "a column of events that holds texts, numbers or booleans, such as country"));
  }

  private static EventField column(Column column) {
    String name = column.name();
    String quoted =
        name.equals("groups") || name.equals("schema") ? "\"%s\"".formatted(name) : name;
    return new EventField(
        name,
        column.kind() == Column.Kind.STRING ? quoted : "CAST(%s AS VARCHAR)".formatted(quoted));
  }

  /**
   * A JSON pointer finds the property, whatever letters its name has. An object that DuckDB cannot
   * read has no properties: without TRY it would end the query.
   */
  private static EventField property(String object, String name) {
    String pointer = "/" + name.replace("~", "~0").replace("/", "~1");
    return new EventField(
        name, "TRY(%s ->> %s)".formatted(quotedObject(object), SqlText.literal(pointer)));
  }

  private static String quotedObject(String object) {
    return object.equals("groups") ? "\"groups\"" : object;
  }

  /** The value with {@link #NONE} in place of NULL. */
  String orNone() {
    return "coalesce(%s, '%s')".formatted(sql, NONE);
  }

  /** The value as a number, or NULL if it does not read as one. It may be infinite or NaN. */
  String number() {
    return "TRY_CAST(%s AS DOUBLE)".formatted(sql);
  }
}
