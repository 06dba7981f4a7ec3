package io.nova.sql.source;

import java.util.List;
import java.util.function.BinaryOperator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Expressions of many operands as balanced trees. Readers of an expression recurse, and JSON bounds
 * its depth, so a chain of a thousand operands would fail.
 */
public final class ExpressionTrees {
  private ExpressionTrees() {}

  /** The disjunction; "always false" of nothing. */
  public static Expression anyOf(List<Expression> operands) {
    return operands.isEmpty() ? Expressions.alwaysFalse() : tree(operands, Expressions::or);
  }

  /** The conjunction; "always true" of nothing. */
  public static Expression allOf(List<Expression> operands) {
    return operands.isEmpty() ? Expressions.alwaysTrue() : tree(operands, Expressions::and);
  }

  private static Expression tree(List<Expression> operands, BinaryOperator<Expression> joined) {
    if (operands.size() == 1) {
      return operands.get(0);
    }
    int half = operands.size() / 2;
    return joined.apply(
        tree(operands.subList(0, half), joined),
        tree(operands.subList(half, operands.size()), joined));
  }
}
