package io.nova.sql.source.follow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * Rows by their place in Kafka: behind one offset of each partition, up to another.
 *
 * @param after the offset of each partition that is outside, below the window; a partition that is
 *     missing begins with its first event
 * @param upTo the last offset inside; of a partition that is missing nothing is inside. Null where
 *     the window has no end
 */
record OffsetWindow(Map<Integer, Long> after, @Nullable Map<Integer, Long> upTo) {
  static final String PARTITION = "kafka_partition";
  static final String OFFSET = "kafka_offset";

  /** Before the first offset. */
  private static final long NONE = -1;

  OffsetWindow {
    after = Map.copyOf(after);
    upTo = upTo == null ? null : Map.copyOf(upTo);
  }

  boolean contains(int partition, long offset) {
    return offset > after.getOrDefault(partition, NONE) && offset <= last(partition);
  }

  private long last(int partition) {
    return upTo == null ? Long.MAX_VALUE : upTo.getOrDefault(partition, NONE);
  }

  /** Whether no row can be inside. */
  boolean isEmpty() {
    return upTo != null
        && upTo.keySet().stream()
            .allMatch(partition -> last(partition) <= after.getOrDefault(partition, NONE));
  }

  /**
   * What holds for exactly the rows inside.
   *
   * @throws IllegalStateException for a window without an end
   */
  Expression filter() {
    if (upTo == null) {
      throw new IllegalStateException("A window without an end has no filter");
    }
    ArrayList<Expression> inside = new ArrayList<>();
    for (int partition : new TreeSet<>(upTo.keySet())) {
      long before = after.getOrDefault(partition, NONE);
      if (last(partition) > before) {
        inside.add(
            Expressions.and(
                Expressions.equal(PARTITION, partition),
                Expressions.greaterThan(OFFSET, before),
                Expressions.lessThanOrEqual(OFFSET, last(partition))));
      }
    }
    return any(inside);
  }

  /** As flat as can be: a reader bounds how deep an expression may be nested. */
  private static Expression any(List<Expression> ofThese) {
    if (ofThese.size() < 2) {
      return ofThese.isEmpty() ? Expressions.alwaysFalse() : ofThese.get(0);
    }
    int half = ofThese.size() / 2;
    return Expressions.or(
        any(ofThese.subList(0, half)), any(ofThese.subList(half, ofThese.size())));
  }
}
