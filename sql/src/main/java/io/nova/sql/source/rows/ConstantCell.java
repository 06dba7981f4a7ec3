package io.nova.sql.source.rows;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/**
 * A column that is the same in all rows.
 *
 * @param value a text, a long, or null
 */
public record ConstantCell(@Nullable Object value) implements Cell {
  /** The cells of constants. */
  static List<Cell> all(@Nullable Object[] constants) {
    List<Cell> cells = new ArrayList<>();
    for (Object constant : constants) {
      cells.add(new ConstantCell(constant));
    }
    return cells;
  }

  @Override
  public boolean isNull() {
    return value == null;
  }

  @Override
  public long number() {
    return (Long) present();
  }

  @Override
  public BinaryStringData text() {
    return (BinaryStringData) present();
  }

  private Object present() {
    if (value == null) {
      throw new IllegalStateException("A null has no value");
    }
    return value;
  }

  @Override
  public int code() {
    return value == null ? 1 : 0;
  }

  @Override
  public int codes() {
    return 1;
  }

  @Override
  public Object dictionary() {
    return this;
  }
}
