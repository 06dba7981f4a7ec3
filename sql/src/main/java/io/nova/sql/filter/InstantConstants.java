package io.nova.sql.filter;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CURRENT_TIMESTAMP;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.MINUS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOW;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.PLUS;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the constants of a query that are compared with instants.
 *
 * @param zone time zone of the session, in which Flink compares an instant with a local time
 * @param clock the clock for "now"; null if "now" is no constant. A restored follow query is
 *     planned anew, and its readers must skip the same rows as before
 */
public record InstantConstants(ZoneId zone, @Nullable Clock clock) {
  /** The most by which the clock that evaluates "now" in the query is behind this one. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** The range of an expression's value; empty if it is not a constant of a known form. */
  Optional<InstantRange> of(ResolvedExpression expression) {
    try {
      return expression instanceof ValueLiteralExpression literal
          ? ofLiteral(literal)
          : expression instanceof CallExpression call ? ofCall(call) : Optional.empty();
    } catch (ArithmeticException outOfRange) {
      return Optional.empty();
    }
  }

  private Optional<InstantRange> ofLiteral(ValueLiteralExpression literal) {
    LogicalType type = literal.getOutputDataType().getLogicalType();
    if (type.is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)) {
      return literal.getValueAs(LocalDateTime.class).map(this::ofLocal);
    }
    return literal.getValueAs(Instant.class).map(instant -> InstantRange.between(instant, instant));
  }

  /** The range of all instants at which a clock of the zone may show this local time. */
  private InstantRange ofLocal(LocalDateTime local) {
    ZoneRules rules = zone.getRules();
    ArrayList<ZoneOffset> offsets = new ArrayList<>(rules.getValidOffsets(local));
    offsets.add(rules.getOffset(local.minusDays(1)));
    offsets.add(rules.getOffset(local.plusDays(1)));
    // The greatest offset sorts first and gives the earliest instant.
    return InstantRange.between(
        local.toInstant(Collections.min(offsets)), local.toInstant(Collections.max(offsets)));
  }

  private Optional<InstantRange> ofCall(CallExpression call) {
    FunctionDefinition function = call.getFunctionDefinition();
    List<ResolvedExpression> operands = call.getResolvedChildren();
    if (function.equals(CURRENT_TIMESTAMP) || function.equals(NOW)) {
      return Optional.ofNullable(clock).map(now -> notBefore(now.instant().minus(CLOCK_SKEW)));
    }
    if (function.equals(MINUS)) {
      return shifted(operands.get(0), operands.get(1), -1);
    }
    return function.equals(PLUS) ? shifted(operands.get(0), operands.get(1), 1) : Optional.empty();
  }

  private static InstantRange notBefore(Instant instant) {
    return new InstantRange(
        InstantRange.between(instant, instant).earliestMicros(), Long.MAX_VALUE);
  }

  private Optional<InstantRange> shifted(
      ResolvedExpression instant, ResolvedExpression interval, int sign) {
    if (!(interval instanceof ValueLiteralExpression literal)
        || !literal.getOutputDataType().getLogicalType().is(LogicalTypeRoot.INTERVAL_DAY_TIME)) {
      return Optional.empty();
    }
    return literal
        .getValueAs(Duration.class)
        .flatMap(length -> of(instant).map(range -> range.plus(length.multipliedBy(sign))));
  }
}
