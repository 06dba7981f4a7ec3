package io.nova.sql.source.aggregate;

import io.nova.sql.source.Aggregation.Function;
import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ValueKind;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/** An aggregate function of one column. Adds rows to the place that it has in each group. */
final class PartialCall {
  private final Function function;
  private final Cell cell;
  private final ValueKind kind;
  private final int place;

  /**
   * A function.
   *
   * @param cell the column; any for the number of rows
   * @param place its place in a group
   */
  PartialCall(Function function, Cell cell, ValueKind kind, int place) {
    this.function = function;
    this.cell = cell;
    this.kind = kind;
    this.place = place;
  }

  /**
   * Adds equal rows to a group.
   *
   * @return bytes of a text that the group keeps, beyond those that it kept
   */
  int add(PartialGroup group, long rows) {
    if (function == Function.COUNT_ROWS) {
      group.numbers[place] += rows;
      return 0;
    }
    if (cell.isNull()) {
      return 0;
    }
    switch (function) {
      case COUNT -> group.numbers[place] += rows;
      case SUM, SUM_OR_ZERO -> group.numbers[place] += cell.number() * rows;
      default -> {
        return kind == ValueKind.TEXT ? addText(group, cell.text()) : addNumber(group);
      }
    }
    group.present[place] = true;
    return 0;
  }

  private int addNumber(PartialGroup group) {
    long number = cell.number();
    if (!group.present[place] || isBetter(Long.compare(number, group.numbers[place]))) {
      group.numbers[place] = number;
      group.present[place] = true;
    }
    return 0;
  }

  private int addText(PartialGroup group, BinaryStringData text) {
    BinaryStringData best = group.texts[place];
    if (best != null && !isBetter(text.compareTo(best))) {
      return 0;
    }
    group.texts[place] = text.copy();
    group.present[place] = true;
    return text.getSizeInBytes() - (best == null ? 0 : best.getSizeInBytes());
  }

  private boolean isBetter(int order) {
    return function == Function.MIN ? order < 0 : order > 0;
  }

  /** The partial result, as Flink's own local aggregate has it. */
  @Nullable Object result(PartialGroup group) {
    return switch (function) {
      case COUNT_ROWS, COUNT -> group.numbers[place];
      case SUM_OR_ZERO -> kind.boxed(group.numbers[place]);
      default -> group.present[place] ? found(group) : null;
    };
  }

  private @Nullable Object found(PartialGroup group) {
    return kind == ValueKind.TEXT ? group.texts[place] : kind.boxed(group.numbers[place]);
  }
}
