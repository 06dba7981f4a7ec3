package io.nova.sql.filter;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NOT_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;

import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.ExpressionTrees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Translates a filter of Flink to an expression that {@link ExactFilter} evaluates to the same
 * answer on every row, so that Flink need not filter again.
 *
 * <p>In SQL a comparison with null is unknown, and a filter drops unknown like false. Without NOT
 * around AND and OR, unknown may therefore count as false from the start. Flink's planner moves NOT
 * to the comparisons; any other NOT is left to Flink.
 *
 * <p>Left to Flink too: order of texts, doubles, constants that must be rounded, local times that a
 * zone shows twice, and "now".
 *
 * @param fields finds the column of an operand
 * @param instants evaluates constants that are compared with instants
 */
record ExactTranslator(
    Function<ResolvedExpression, Optional<NestedField>> fields, InstantConstants instants) {
  private static final Map<FunctionDefinition, Operation> COMPARISONS =
      Map.of(
          EQUALS, Operation.EQ,
          NOT_EQUALS, Operation.NOT_EQ,
          LESS_THAN, Operation.LT,
          LESS_THAN_OR_EQUAL, Operation.LT_EQ,
          GREATER_THAN, Operation.GT,
          GREATER_THAN_OR_EQUAL, Operation.GT_EQ);

  /** The same filter; empty if Flink must evaluate it. */
  Optional<Expression> translate(ResolvedExpression filter) {
    if (!(filter instanceof CallExpression call)) {
      return flag(filter, true);
    }
    FunctionDefinition function = call.getFunctionDefinition();
    List<ResolvedExpression> operands = call.getResolvedChildren();
    if (function.equals(AND)) {
      return all(translated(FilterTranslator.operands(AND, call))).map(ExpressionTrees::allOf);
    }
    if (function.equals(OR)) {
      return all(translated(FilterTranslator.operands(OR, call))).map(LongLists::anyOf);
    }
    if (function.equals(IN)) {
      Stream<ResolvedExpression> values = operands.subList(1, operands.size()).stream();
      return all(values.map(value -> compare(Operation.EQ, operands.get(0), value)))
          .map(LongLists::anyOf);
    }
    if (function.equals(BETWEEN)) {
      return all(Stream.of(
              compare(Operation.GT_EQ, operands.get(0), operands.get(1)),
              compare(Operation.LT_EQ, operands.get(0), operands.get(2))))
          .map(ExpressionTrees::allOf);
    }
    return ofOneColumn(function, operands);
  }

  private Optional<Expression> ofOneColumn(
      FunctionDefinition function, List<ResolvedExpression> operands) {
    if (function.equals(NOT)) {
      return flag(operands.get(0), false);
    }
    if (function.equals(IS_NULL)) {
      return nullable(operands.get(0)).map(field -> Expressions.isNull(field.name()));
    }
    if (function.equals(IS_NOT_NULL)) {
      return nullable(operands.get(0)).map(field -> Expressions.notNull(field.name()));
    }
    return Optional.ofNullable(COMPARISONS.get(function))
        .flatMap(comparison -> compare(comparison, operands.get(0), operands.get(1)));
  }

  /** Iceberg replaces such a test of a required column by a constant, which reads no column. */
  private Optional<NestedField> nullable(ResolvedExpression operand) {
    return fields.apply(operand).filter(NestedField::isOptional);
  }

  private Optional<Expression> flag(ResolvedExpression operand, boolean value) {
    return fields
        .apply(operand)
        .filter(field -> field.type().typeId() == TypeID.BOOLEAN)
        .map(field -> Expressions.equal(field.name(), value));
  }

  private Stream<Optional<Expression>> translated(List<ResolvedExpression> operands) {
    return operands.stream().map(this::translate);
  }

  private static Optional<List<Expression>> all(Stream<Optional<Expression>> parts) {
    List<Optional<Expression>> found = parts.toList();
    return found.stream().allMatch(Optional::isPresent)
        ? Optional.of(found.stream().map(Optional::orElseThrow).toList())
        : Optional.empty();
  }

  private Optional<Expression> compare(
      Operation comparison, ResolvedExpression left, ResolvedExpression right) {
    if (left instanceof FieldReferenceExpression && right instanceof ValueLiteralExpression value) {
      return fields.apply(left).flatMap(field -> compare(comparison, field, value));
    }
    if (right instanceof FieldReferenceExpression && left instanceof ValueLiteralExpression value) {
      return fields.apply(right).flatMap(field -> compare(flipped(comparison), field, value));
    }
    return Optional.empty();
  }

  private static Operation flipped(Operation comparison) {
    return comparison == Operation.NOT_EQ ? comparison : comparison.flipLR();
  }

  private Optional<Expression> compare(
      Operation comparison, NestedField field, ValueLiteralExpression literal) {
    boolean equality = comparison == Operation.EQ || comparison == Operation.NOT_EQ;
    return value(field, literal, equality)
        .map(value -> Expressions.predicate(comparison, field.name(), value));
  }

  private Optional<Object> value(
      NestedField field, ValueLiteralExpression literal, boolean equality) {
    return switch (field.type().typeId()) {
      case TIMESTAMP -> instant(literal);
      case INTEGER -> whole(literal, field).filter(ExactTranslator::isInt);
      case LONG -> whole(literal, field);
      case STRING ->
          is(literal, LogicalTypeFamily.CHARACTER_STRING) && equality
              ? Literals.value(literal, field.type())
              : Optional.empty();
      case BOOLEAN ->
          is(literal, LogicalTypeRoot.BOOLEAN) && equality
              ? Literals.value(literal, field.type())
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<Object> instant(ValueLiteralExpression literal) {
    return instants
        .of(literal)
        .filter(range -> range.earliestMicros() == range.latestMicros())
        .map(InstantRange::earliestMicros);
  }

  private static Optional<Object> whole(ValueLiteralExpression literal, NestedField field) {
    return is(literal, LogicalTypeFamily.INTEGER_NUMERIC)
        ? Literals.value(literal, field.type())
        : Optional.empty();
  }

  /** Iceberg takes a comparison with a greater number for "always true", also of null. */
  private static boolean isInt(Object number) {
    return number instanceof Long value && value == value.intValue();
  }

  private static boolean is(ValueLiteralExpression literal, LogicalTypeFamily family) {
    return literal.getOutputDataType().getLogicalType().is(family);
  }

  private static boolean is(ValueLiteralExpression literal, LogicalTypeRoot root) {
    return literal.getOutputDataType().getLogicalType().is(root);
  }
}
