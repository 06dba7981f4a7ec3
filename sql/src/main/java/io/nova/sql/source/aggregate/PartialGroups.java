package io.nova.sql.source.aggregate;

import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ValueKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of groups, bounded in number and bytes. It compares keys with cells, so a row of a
 * known group needs no object.
 */
final class PartialGroups {
  private static final long MOST_TEXT_BYTES = 16L << 20;

  private final Cell[] columns;
  private final ValueKind[] kinds;
  private final int calls;
  private final int most;
  private final @Nullable PartialGroup[] slots;
  private final List<PartialGroup> groups = new ArrayList<>();
  private long textBytes;

  /**
   * An empty table.
   *
   * @param columns the columns of a group
   * @param kinds their kinds
   * @param calls number of aggregate calls
   * @param most number of groups after which the table is full, a power of two
   */
  PartialGroups(Cell[] columns, ValueKind[] kinds, int calls, int most) {
    this.columns = columns;
    this.kinds = kinds;
    this.calls = calls;
    this.most = most;
    this.slots = new @Nullable PartialGroup[2 * most];
  }

  /** The group of the row under the cursor. A new group is added. */
  PartialGroup ofRow() {
    int hash = hash();
    int slot = hash & (slots.length - 1);
    PartialGroup group = slots[slot];
    while (group != null) {
      if (group.hash == hash && isOfRow(group)) {
        return group;
      }
      slot = (slot + 1) & (slots.length - 1);
      group = slots[slot];
    }
    PartialGroup added = newGroup(hash);
    slots[slot] = added;
    groups.add(added);
    return added;
  }

  private int hash() {
    int hash = 1;
    for (int i = 0; i < columns.length; i++) {
      hash = 31 * hash + hash(columns[i], kinds[i]);
    }
    // Spreads the bits: numbers in a row would otherwise fill neighboring slots.
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }

  private static int hash(Cell cell, ValueKind kind) {
    if (cell.isNull()) {
      return 0;
    }
    return kind == ValueKind.TEXT ? cell.text().hashCode() : Long.hashCode(cell.number());
  }

  private boolean isOfRow(PartialGroup group) {
    for (int i = 0; i < columns.length; i++) {
      if (!isOfRow(group, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isOfRow(PartialGroup group, int column) {
    Cell cell = columns[column];
    Object key = group.key[column];
    if (cell.isNull() || key == null) {
      return cell.isNull() && key == null;
    }
    return kinds[column] == ValueKind.TEXT
        ? cell.text().equals(key)
        : cell.number() == group.keyNumbers[column];
  }

  private PartialGroup newGroup(int hash) {
    long[] numbers = new long[columns.length];
    @Nullable Object[] key = new @Nullable Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Cell cell = columns[i];
      if (cell.isNull()) {
        continue;
      }
      if (kinds[i] == ValueKind.TEXT) {
        BinaryStringData text = cell.text().copy();
        textBytes += text.getSizeInBytes();
        key[i] = text;
      } else {
        numbers[i] = cell.number();
        key[i] = kinds[i].boxed(numbers[i]);
      }
    }
    return new PartialGroup(hash, numbers, key, calls);
  }

  /** Reports bytes of a text that a group keeps. */
  void keepsText(int bytes) {
    textBytes += bytes;
  }

  /** Whether the groups must be passed on before another row. */
  boolean isFull() {
    return groups.size() >= most || textBytes >= MOST_TEXT_BYTES;
  }

  /** Removes and returns all groups, in the order in which they came. */
  List<PartialGroup> drain() {
    List<PartialGroup> all = List.copyOf(groups);
    groups.clear();
    Arrays.fill(slots, null);
    textBytes = 0;
    return all;
  }
}
