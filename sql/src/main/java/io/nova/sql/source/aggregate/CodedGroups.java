package io.nova.sql.source.aggregate;

import io.nova.sql.source.rows.Cell;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds groups by the dictionary indexes of their columns, in an array with a place for each
 * combination. Rows without such indexes are looked up in the hash table.
 */
final class CodedGroups {
  private static final long MOST_COMBINATIONS = 1 << 16;

  private final PartialGroups groups;
  private final Cell[] columns;
  private final @Nullable Object[] dictionaries;
  private final int[] sizes;
  private @Nullable PartialGroup[] byCodes = {};

  /**
   * An empty index.
   *
   * @param columns the columns of a group
   */
  CodedGroups(PartialGroups groups, Cell[] columns) {
    this.groups = groups;
    this.columns = columns;
    this.dictionaries = new @Nullable Object[columns.length];
    this.sizes = new int[columns.length];
    combine();
  }

  /** The group of the row under the cursor. A new group is added to the table. */
  PartialGroup ofRow() {
    if (dictionariesChanged()) {
      combine();
    }
    int place = place();
    if (place < 0) {
      return groups.ofRow();
    }
    PartialGroup group = byCodes[place];
    if (group == null) {
      group = groups.ofRow();
      byCodes[place] = group;
    }
    return group;
  }

  @SuppressWarnings("ReferenceEquality") // the same dictionary is the same object
  private boolean dictionariesChanged() {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].dictionary() != dictionaries[i]) {
        return true;
      }
    }
    return false;
  }

  /** One place for each combination of indexes, null included. */
  private void combine() {
    long combinations = 1;
    for (int i = 0; i < columns.length; i++) {
      dictionaries[i] = columns[i].dictionary();
      sizes[i] = columns[i].codes() + 1;
      combinations = Math.min(MOST_COMBINATIONS + 1, combinations * sizes[i]);
    }
    byCodes = new @Nullable PartialGroup[combinations > MOST_COMBINATIONS ? 0 : (int) combinations];
  }

  private int place() {
    if (byCodes.length == 0) {
      return -1;
    }
    int place = 0;
    for (int i = 0; i < columns.length; i++) {
      int code = columns[i].code();
      if (code < 0) {
        return -1;
      }
      place = place * sizes[i] + code;
    }
    return place;
  }

  /** Forgets all groups, after the table has passed them on. */
  void clear() {
    Arrays.fill(byCodes, null);
  }
}
