package io.nova.sql.filter;

import io.nova.sql.table.EventColumns;
import java.util.Map;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.PropertyUtil;

/**
 * What an upload time says about its batch: batch n holds the upload times from n to n + 1 batch
 * lengths. The table is partitioned by batch number, so a range of upload times then skips whole
 * manifests and every block file of another batch, without any statistics.
 *
 * @param millis the length, or 0 if it is unknown; then nothing is concluded
 */
public record BatchLength(long millis) {
  /** The table property in which the job records the length, in milliseconds. */
  static final String PROPERTY = "nova.batch.length-ms";

  /**
   * The length that these table properties state. There is no default: a length guessed wrong would
   * leave rows out of answers.
   */
  public static BatchLength of(Map<String, String> tableProperties) {
    return new BatchLength(PropertyUtil.propertyAsLong(tableProperties, PROPERTY, 0));
  }

  /** A predicate on the batch number which holds for every row whose upload time compares so. */
  Expression implied(Operation comparison, long uploadMicros) {
    if (millis <= 0) {
      return Expressions.alwaysTrue();
    }
    return switch (comparison) {
      case LT -> Expressions.lessThanOrEqual(EventColumns.BATCH_NUMBER, batch(uploadMicros - 1));
      case LT_EQ -> Expressions.lessThanOrEqual(EventColumns.BATCH_NUMBER, batch(uploadMicros));
      case GT -> Expressions.greaterThanOrEqual(EventColumns.BATCH_NUMBER, batch(uploadMicros + 1));
      case GT_EQ -> Expressions.greaterThanOrEqual(EventColumns.BATCH_NUMBER, batch(uploadMicros));
      default -> Expressions.alwaysTrue();
    };
  }

  private long batch(long uploadMicros) {
    return Math.floorDiv(uploadMicros, Math.multiplyExact(millis, 1000L));
  }
}
