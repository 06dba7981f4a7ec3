package io.nova.sql.table;

import io.nova.sql.source.Aggregation;
import io.nova.sql.source.Aggregation.Call;
import io.nova.sql.source.Aggregation.Function;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.expressions.AggregateExpression;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type.TypeID;

/**
 * Translates Flink's aggregate functions to those of a scan. An aggregate whose partial result the
 * scan could not make exactly as Flink does has no translation: sums, minima and maxima of doubles
 * and booleans, groups of doubles, and every other function.
 *
 * <p>The planner's functions are classes of its own class loader, so they are known by name.
 */
final class AggregateTranslator {
  private static final Set<TypeID> SUMMED = EnumSet.of(TypeID.LONG, TypeID.INTEGER);
  private static final Set<TypeID> ORDERED =
      EnumSet.of(TypeID.LONG, TypeID.INTEGER, TypeID.TIMESTAMP, TypeID.STRING);

  private AggregateTranslator() {}

  /**
   * The aggregation of a scan; empty if Flink must aggregate.
   *
   * @param input the columns that positions refer to
   * @param groups the group's columns
   * @param produced the row type that Flink expects: columns of the group, then results
   */
  static Optional<Aggregation> translate(
      Schema input, int[] groups, List<AggregateExpression> expressions, DataType produced) {
    List<LogicalTypeRoot> types =
        produced.getLogicalType().getChildren().stream().map(type -> type.getTypeRoot()).toList();
    if (types.size() != groups.length + expressions.size() || !canGroup(input, groups)) {
      return Optional.empty();
    }
    List<Call> calls = new ArrayList<>();
    for (AggregateExpression expression : expressions) {
      LogicalTypeRoot result = types.get(groups.length + calls.size());
      Optional<Call> call = call(input, expression).filter(found -> fits(input, found, result));
      if (call.isEmpty()) {
        return Optional.empty();
      }
      calls.add(call.get());
    }
    return Optional.of(new Aggregation(Arrays.stream(groups).boxed().toList(), calls));
  }

  private static boolean canGroup(Schema input, int[] groups) {
    return Arrays.stream(groups).allMatch(group -> typeOf(input, group) != TypeID.DOUBLE);
  }

  private static TypeID typeOf(Schema input, int column) {
    return input.columns().get(column).type().typeId();
  }

  private static Optional<Call> call(Schema input, AggregateExpression expression) {
    if (expression.isDistinct()
        || expression.isApproximate()
        || expression.getFilterExpression().isPresent()) {
      return Optional.empty();
    }
    Optional<Function> function = function(expression);
    if (expression.getArgs().isEmpty()) {
      return function.filter(found -> found == Function.COUNT_ROWS).map(found -> Call.ROWS);
    }
    int column = expression.getArgs().get(0).getFieldIndex();
    return function
        .filter(found -> takes(found, typeOf(input, column)))
        .map(found -> new Call(found, column));
  }

  private static Optional<Function> function(AggregateExpression expression) {
    Class<?> type = expression.getFunctionDefinition().getClass();
    while (type != null) {
      Optional<Function> found = named(type.getSimpleName());
      if (found.isPresent()) {
        return found;
      }
      type = type.getSuperclass();
    }
    return Optional.empty();
  }

  private static Optional<Function> named(String type) {
    return switch (type) {
      case "Count1AggFunction" -> Optional.of(Function.COUNT_ROWS);
      case "CountAggFunction" -> Optional.of(Function.COUNT);
      case "SumAggFunction" -> Optional.of(Function.SUM);
      case "Sum0AggFunction" -> Optional.of(Function.SUM_OR_ZERO);
      case "MinAggFunction" -> Optional.of(Function.MIN);
      case "MaxAggFunction" -> Optional.of(Function.MAX);
      default -> Optional.empty();
    };
  }

  private static boolean takes(Function function, TypeID type) {
    return switch (function) {
      case COUNT_ROWS -> false;
      case COUNT -> true;
      case SUM, SUM_OR_ZERO -> SUMMED.contains(type);
      case MIN, MAX -> ORDERED.contains(type);
    };
  }

  private static boolean fits(Schema input, Call call, LogicalTypeRoot result) {
    if (call.function() == Function.COUNT_ROWS || call.function() == Function.COUNT) {
      return result == LogicalTypeRoot.BIGINT;
    }
    return switch (typeOf(input, call.column())) {
      case LONG -> result == LogicalTypeRoot.BIGINT;
      case INTEGER -> result == LogicalTypeRoot.INTEGER;
      case TIMESTAMP -> result == LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
      case STRING -> result == LogicalTypeRoot.VARCHAR;
      default -> false;
    };
  }
}
