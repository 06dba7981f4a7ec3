package io.nova.event.mapping;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.Map;

/**
 * One place in a record that a column takes its value from, and how. Immutable.
 *
 * @param column the column's position among {@link EventSchema#columns()}
 * @param kind the column's kind
 * @param rank its place among the column's pointers: the lowest one present wins
 * @param time the format of a time
 * @param values the number for each text or number; empty where the value is the number itself
 * @param numberAsText whether a number fits a string column, as its JSON text
 */
public record ColumnSource(
    int column,
    Column.Kind kind,
    int rank,
    TimeFormat time,
    Map<String, Long> values,
    boolean numberAsText) {}
