package io.nova.event.mapping;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.Map;

/**
 * One place in a record from which a column takes its value, and how. Immutable.
 *
 * @param column the column's position among {@link EventSchema#columns()}
 * @param kind the column's kind
 * @param rank its place among the column's pointers: of those present the least wins
 * @param time how a time is written there
 * @param values the number that stands for each text or number; empty: the value is the number
 * @param numberAsText whether a number fits a string column, as the text that it is written with
 */
public record ColumnSource(
    int column,
    Column.Kind kind,
    int rank,
    TimeFormat time,
    Map<String, Long> values,
    boolean numberAsText) {}
