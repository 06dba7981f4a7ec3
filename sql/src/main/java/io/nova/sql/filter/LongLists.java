package io.nova.sql.filter;

import io.nova.sql.source.ExpressionTrees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.NamedReference;
import org.apache.iceberg.expressions.UnboundPredicate;

/**
 * Disjunctions, in which many values of one column become one set. Files and rows are compared with
 * a set at once, and with the values of a disjunction one by one.
 */
final class LongLists {
  /** Up to this number Iceberg compares the bounds of a file with each value of a set. */
  private static final int SHORT = 200;

  private LongLists() {}

  /** The disjunction of these. */
  static Expression anyOf(List<Expression> alternatives) {
    if (alternatives.size() <= SHORT) {
      return ExpressionTrees.anyOf(alternatives);
    }
    Map<String, List<Object>> values = new LinkedHashMap<>();
    List<Expression> others = new ArrayList<>();
    for (Expression alternative : alternatives) {
      if (alternative instanceof UnboundPredicate<?> predicate
          && predicate.op() == Operation.EQ
          && predicate.term() instanceof NamedReference<?> column) {
        values
            .computeIfAbsent(column.name(), first -> new ArrayList<>())
            .add(predicate.literal().value());
      } else {
        others.add(alternative);
      }
    }
    values.forEach((column, wanted) -> others.add(oneOf(column, wanted)));
    return ExpressionTrees.anyOf(others);
  }

  /** Numbers are bounded too, since Iceberg does not compare bounds with a long set. */
  private static Expression oneOf(String column, List<Object> values) {
    Expression set = Expressions.in(column, values);
    if (!values.stream().allMatch(value -> value instanceof Long || value instanceof Integer)) {
      return set;
    }
    LongSummaryStatistics range =
        values.stream().mapToLong(value -> ((Number) value).longValue()).summaryStatistics();
    return Expressions.and(
        set,
        Expressions.greaterThanOrEqual(column, range.getMin()),
        Expressions.lessThanOrEqual(column, range.getMax()));
  }
}
