package io.nova.sql.filter;

import io.nova.iceberg.TableRules;
import io.nova.sql.source.EventScan;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;

/**
 * Derives predicates on the batch number from comparisons of the upload time. The table is
 * partitioned by batch number. A range of upload times therefore skips whole manifests and every
 * block file of another batch, without any statistics.
 *
 * @param rules the rules of the table, which define the batch of an upload time
 */
record ImpliedBatch(TableRules rules) {
  /** A predicate that is true for every row whose upload time passes this comparison. */
  Expression of(Operation comparison, long uploadMicros) {
    return switch (comparison) {
      case LT -> atMost(uploadMicros - 1);
      case LT_EQ -> atMost(uploadMicros);
      case GT -> atLeast(uploadMicros + 1);
      case GT_EQ -> atLeast(uploadMicros);
      default -> Expressions.alwaysTrue();
    };
  }

  private Expression atMost(long uploadMicros) {
    return Expressions.lessThanOrEqual(EventScan.BATCH_NUMBER, rules.batchOf(uploadMicros));
  }

  private Expression atLeast(long uploadMicros) {
    return Expressions.greaterThanOrEqual(EventScan.BATCH_NUMBER, rules.batchOf(uploadMicros));
  }
}
