package io.nova.sql.source.follow;

import io.nova.event.row.EventSchema;
import io.nova.sql.source.ExpressionTrees;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * A range of Kafka offsets for each partition.
 *
 * @param after by partition, the last offset before the window; a missing partition begins with its
 *     first event
 * @param upTo by partition, the last offset in the window; a missing partition has none. Null for a
 *     window without an end
 */
record OffsetWindow(Map<Integer, Long> after, @Nullable Map<Integer, Long> upTo) {
  /** The offset before the first. */
  private static final long NONE = -1;

  /** Copies the maps. */
  OffsetWindow {
    after = Map.copyOf(after);
    upTo = upTo == null ? null : Map.copyOf(upTo);
  }

  /** Whether a row from this place is inside. */
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
   * A filter that is true for exactly the rows inside.
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
                Expressions.equal(EventSchema.KAFKA_PARTITION, partition),
                Expressions.greaterThan(EventSchema.KAFKA_OFFSET, before),
                Expressions.lessThanOrEqual(EventSchema.KAFKA_OFFSET, last(partition))));
      }
    }
    return ExpressionTrees.anyOf(inside);
  }
}
