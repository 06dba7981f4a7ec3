package io.nova.judge;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A set of Kafka positions with an index each, with one bit for each offset of an index. For one
 * thread.
 */
final class Positions {
  private static final int PAGE_BITS = 16;

  private final Map<Page, BitSet> pages = new HashMap<>();

  private record Page(String topic, int partition, long number, int index) {}

  /** Adds a position; false when it is there already. */
  boolean add(String topic, int partition, long offset, int index) {
    BitSet page = pages.computeIfAbsent(pageOf(topic, partition, offset, index), p -> new BitSet());
    int bit = (int) (offset & ((1 << PAGE_BITS) - 1));
    if (page.get(bit)) {
      return false;
    }
    page.set(bit);
    return true;
  }

  boolean contains(String topic, int partition, long offset, int index) {
    BitSet page = pages.get(pageOf(topic, partition, offset, index));
    return page != null && page.get((int) (offset & ((1 << PAGE_BITS) - 1)));
  }

  private static Page pageOf(String topic, int partition, long offset, int index) {
    return new Page(topic, partition, offset >> PAGE_BITS, index);
  }
}
