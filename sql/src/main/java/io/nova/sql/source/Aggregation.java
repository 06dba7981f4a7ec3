package io.nova.sql.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * The aggregates that a scan returns in place of rows: one row for each group with a partial result
 * of each call. A group may have several such rows; Flink merges them.
 *
 * @param groups the group's columns, as positions in the projection; none for one group of all rows
 * @param calls the aggregate functions; their results follow the group's columns in a row
 */
public record Aggregation(List<Integer> groups, List<Call> calls) implements Serializable {
  /** A function of the rows of a group. All of them leave nulls out. */
  public enum Function {
    /** The number of rows. */
    COUNT_ROWS,
    /** The number of values. */
    COUNT,
    /** The sum, which wraps around as Flink's does; null of no value. */
    SUM,
    /** The sum; 0 of no value. */
    SUM_OR_ZERO,
    /** The least value, texts in the order of their bytes; null of no value. */
    MIN,
    /** The greatest value, texts in the order of their bytes; null of no value. */
    MAX
  }

  /**
   * A function of a column.
   *
   * @param column position in the projection; -1 for {@link Function#COUNT_ROWS}
   */
  public record Call(Function function, int column) implements Serializable {
    /** The number of rows. */
    public static final Call ROWS = new Call(Function.COUNT_ROWS, -1);
  }

  /** The columns that the aggregates need, as positions in the projection. */
  public List<Integer> columns() {
    return Stream.concat(groups.stream(), calls.stream().map(Call::column))
        .filter(column -> column >= 0)
        .distinct()
        .sorted()
        .toList();
  }

  /** The same aggregates of a projection that has only these columns. */
  public Aggregation over(List<Integer> columns) {
    return new Aggregation(
        groups.stream().map(columns::indexOf).toList(),
        calls.stream()
            .map(call -> new Call(call.function(), columns.indexOf(call.column())))
            .toList());
  }

  /** Copies the lists. */
  public Aggregation {
    groups = List.copyOf(groups);
    calls = List.copyOf(calls);
  }
}
