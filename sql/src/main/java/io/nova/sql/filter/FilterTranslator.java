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
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;

import io.nova.iceberg.TableRules;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.ExpressionTrees;
import io.nova.sql.table.EventColumns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Translates a filter of Flink to one of Iceberg that is true for at least the same rows. The
 * result serves to skip files, row groups and pages, so an expression without a counterpart is left
 * out. A filter that {@link ExactTranslator} translates too is applied to each row by the scan.
 * Flink applies all others to every row that is read.
 *
 * <p>The translated expressions are AND, OR, IN, BETWEEN, IS [NOT] NULL and comparisons of a column
 * with a constant. Texts are compared for equality only: Flink and Iceberg order characters outside
 * the basic multilingual plane differently. Doubles are not compared: for Flink -0.0 equals 0.0,
 * for the statistics it does not.
 */
public final class FilterTranslator {
  /** The prefix of a metadata column in Flink's filters. */
  private static final String METADATA_PREFIX = "$metadata$";

  private static final Map<FunctionDefinition, Operation> COMPARISONS =
      Map.of(
          EQUALS, Operation.EQ,
          LESS_THAN, Operation.LT,
          LESS_THAN_OR_EQUAL, Operation.LT_EQ,
          GREATER_THAN, Operation.GT,
          GREATER_THAN_OR_EQUAL, Operation.GT_EQ);

  private final EventColumns columns;
  private final ImpliedBatch batches;
  private final InstantConstants instants;

  /**
   * A translator for queries of one table.
   *
   * @param rules the rules of the table
   * @param instants evaluates constants that are compared with instants
   */
  public FilterTranslator(EventColumns columns, TableRules rules, InstantConstants instants) {
    this.columns = columns;
    this.batches = new ImpliedBatch(rules);
    this.instants = instants;
  }

  /** The filters as the scan applies them. Those that are not exact are left to Flink. */
  public PushedFilters push(List<ResolvedExpression> filters) {
    ExactTranslator translator = new ExactTranslator(this::field, instants);
    List<Expression> exact = new ArrayList<>();
    List<ResolvedExpression> remaining = new ArrayList<>();
    for (ResolvedExpression filter : filters) {
      translator.translate(filter).ifPresentOrElse(exact::add, () -> remaining.add(filter));
    }
    return new PushedFilters(
        translateAll(filters),
        ExactFilter.of(ExpressionTrees.allOf(exact), columns.stored()),
        remaining);
  }

  /** The conjunction of all filters that translate; "always true" if none does. */
  public Expression translateAll(List<ResolvedExpression> filters) {
    return ExpressionTrees.allOf(
        filters.stream()
            .flatMap(filter -> operands(AND, filter).stream())
            .flatMap(filter -> translate(filter).stream())
            .toList());
  }

  /** The operands of a chain of one function, in order; a chain may have thousands. */
  static List<ResolvedExpression> operands(FunctionDefinition function, ResolvedExpression chain) {
    List<ResolvedExpression> operands = new ArrayList<>();
    Deque<ResolvedExpression> left = new ArrayDeque<>(List.of(chain));
    while (!left.isEmpty()) {
      ResolvedExpression next = left.pop();
      if (next instanceof CallExpression call && call.getFunctionDefinition().equals(function)) {
        List<ResolvedExpression> inside = call.getResolvedChildren();
        for (int i = inside.size() - 1; i >= 0; i--) {
          left.push(inside.get(i));
        }
      } else {
        operands.add(next);
      }
    }
    return operands;
  }

  private Optional<Expression> translate(ResolvedExpression filter) {
    if (filter instanceof FieldReferenceExpression flag) {
      return field(flag).map(field -> Expressions.equal(field.name(), true));
    }
    if (!(filter instanceof CallExpression call)) {
      return Optional.empty();
    }
    FunctionDefinition function = call.getFunctionDefinition();
    List<ResolvedExpression> operands = call.getResolvedChildren();
    if (function.equals(AND)) {
      return Optional.of(translateAll(List.of(call)));
    }
    if (function.equals(OR)) {
      return anyOf(operands(OR, call).stream().map(this::translate));
    }
    if (function.equals(IN)) {
      List<ResolvedExpression> candidates = operands.subList(1, operands.size());
      return anyOf(candidates.stream().map(one -> compare(Operation.EQ, operands.get(0), one)));
    }
    if (function.equals(BETWEEN)) {
      return between(operands);
    }
    if (function.equals(IS_NULL)) {
      return field(operands.get(0)).map(field -> Expressions.isNull(field.name()));
    }
    if (function.equals(IS_NOT_NULL)) {
      return field(operands.get(0)).map(field -> Expressions.notNull(field.name()));
    }
    return Optional.ofNullable(COMPARISONS.get(function))
        .flatMap(comparison -> compare(comparison, operands.get(0), operands.get(1)));
  }

  private static Optional<Expression> anyOf(Stream<Optional<Expression>> alternatives) {
    List<Optional<Expression>> all = alternatives.toList();
    return all.isEmpty() || all.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(LongLists.anyOf(all.stream().map(Optional::orElseThrow).toList()));
  }

  private Optional<Expression> between(List<ResolvedExpression> operands) {
    Optional<Expression> least = compare(Operation.GT_EQ, operands.get(0), operands.get(1));
    Optional<Expression> most = compare(Operation.LT_EQ, operands.get(0), operands.get(2));
    return Optional.of(
        Expressions.and(
            least.orElse(Expressions.alwaysTrue()), most.orElse(Expressions.alwaysTrue())));
  }

  private Optional<Expression> compare(
      Operation comparison, ResolvedExpression left, ResolvedExpression right) {
    if (left instanceof FieldReferenceExpression) {
      return field(left).flatMap(field -> compare(comparison, field, right));
    }
    return right instanceof FieldReferenceExpression
        ? compare(comparison.flipLR(), right, left)
        : Optional.empty();
  }

  private Optional<Expression> compare(
      Operation comparison, NestedField field, ResolvedExpression constant) {
    if (field.type().typeId() == TypeID.TIMESTAMP) {
      return instants.of(constant).flatMap(range -> compare(comparison, field.name(), range));
    }
    return constant instanceof ValueLiteralExpression literal && comparable(comparison, field)
        ? Literals.value(literal, field.type())
            .map(value -> Expressions.predicate(comparison, field.name(), value))
        : Optional.empty();
  }

  private Optional<Expression> compare(Operation comparison, String column, InstantRange range) {
    return switch (comparison) {
      case GT, GT_EQ -> Optional.of(time(comparison, column, range.earliestMicros()));
      case LT, LT_EQ -> notAfter(comparison, column, range);
      case EQ ->
          Optional.of(
              Expressions.and(
                  time(Operation.GT_EQ, column, range.earliestMicros()),
                  notAfter(Operation.LT_EQ, column, range).orElse(Expressions.alwaysTrue())));
      default -> Optional.empty();
    };
  }

  private Optional<Expression> notAfter(Operation comparison, String column, InstantRange range) {
    return range.hasLatest()
        ? Optional.of(time(comparison, column, range.latestMicros()))
        : Optional.empty();
  }

  private Expression time(Operation comparison, String column, long micros) {
    Expression predicate = Expressions.predicate(comparison, column, micros);
    return column.equals(EventScan.SERVER_UPLOAD_TIME)
        ? Expressions.and(predicate, batches.of(comparison, micros))
        : predicate;
  }

  private static boolean comparable(Operation comparison, NestedField field) {
    return switch (field.type().typeId()) {
      case INTEGER, LONG -> true;
      case STRING, BOOLEAN -> comparison == Operation.EQ;
      default -> false;
    };
  }

  private Optional<NestedField> field(ResolvedExpression operand) {
    if (!(operand instanceof FieldReferenceExpression reference)) {
      return Optional.empty();
    }
    String name = reference.getName();
    String stored =
        name.startsWith(METADATA_PREFIX) ? name.substring(METADATA_PREFIX.length()) : name;
    return Optional.ofNullable(columns.stored().findField(stored));
  }
}
