package io.nova.sql.source.rows;

import java.util.Set;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/** A comparison of texts for equality. Each entry of a dictionary is compared once. */
final class TextTest implements RowTest {
  private static final byte UNKNOWN = 0;
  private static final byte PASSES = 1;
  private static final byte FAILS = 2;

  private final Cell cell;
  private final Set<BinaryStringData> values;
  private final boolean wanted;
  private @Nullable Object dictionary;
  private byte[] ofCodes = {};

  /**
   * A test of a column.
   *
   * @param wanted true if the text must be one of the values, false if it must not
   */
  TextTest(Cell cell, Set<BinaryStringData> values, boolean wanted) {
    this.cell = cell;
    this.values = values;
    this.wanted = wanted;
  }

  @Override
  public boolean passes() {
    if (cell.isNull()) {
      return false;
    }
    int code = cell.code();
    return code < 0 ? compare() : ofCode(code);
  }

  @SuppressWarnings("ReferenceEquality") // the same dictionary is the same object
  private boolean ofCode(int code) {
    if (cell.dictionary() != dictionary) {
      dictionary = cell.dictionary();
      ofCodes = new byte[cell.codes()];
    }
    if (ofCodes[code] == UNKNOWN) {
      ofCodes[code] = compare() ? PASSES : FAILS;
    }
    return ofCodes[code] == PASSES;
  }

  private boolean compare() {
    return values.contains(cell.text()) == wanted;
  }
}
