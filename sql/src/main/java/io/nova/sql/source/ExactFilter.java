package io.nova.sql.source;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;

/**
 * The filter that the scan applies to each row in Flink's place. A row passes if the expression is
 * true by the rules of SQL: a comparison with null is not true, nor is one of unequal to null.
 *
 * @param expression over the columns; "always true" if every row passes
 * @param columns the columns of the expression
 */
public record ExactFilter(Expression expression, Schema columns) implements Serializable {
  /** Every row passes. */
  public static final ExactFilter NONE = new ExactFilter(Expressions.alwaysTrue(), new Schema());

  /**
   * A filter over columns of the table.
   *
   * @param table the table's schema
   */
  public static ExactFilter of(Expression expression, Schema table) {
    Set<Integer> ids = Binder.boundReferences(table.asStruct(), List.of(expression), true);
    return new ExactFilter(
        expression,
        new Schema(
            table.columns().stream().filter(column -> ids.contains(column.fieldId())).toList()));
  }

  /** Whether every row passes. */
  public boolean isNone() {
    return expression.op() == Operation.TRUE;
  }
}
