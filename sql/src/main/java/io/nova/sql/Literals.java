package io.nova.sql;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.iceberg.types.Type;

/** Constants of a query as the values that Iceberg compares with. */
final class Literals {

  private Literals() {}

  /**
   * The constant as a value of a column's type: text, a long for every integer, microseconds since
   * 1970 for an instant, a boolean. Empty if it is null or has no such value without rounding.
   */
  static Optional<Object> value(ValueLiteralExpression literal, Type columnType) {
    return switch (columnType.typeId()) {
      case STRING -> literal.getValueAs(String.class).map(Object.class::cast);
      case BOOLEAN -> literal.getValueAs(Boolean.class).map(Object.class::cast);
      case INTEGER, LONG -> literal.getValueAs(BigDecimal.class).flatMap(Literals::whole);
      case TIMESTAMP -> literal.getValueAs(Instant.class).flatMap(Literals::micros);
      default -> Optional.empty();
    };
  }

  private static Optional<Object> whole(BigDecimal number) {
    try {
      return Optional.of(number.longValueExact());
    } catch (ArithmeticException notAnInteger) {
      return Optional.empty();
    }
  }

  private static Optional<Object> micros(Instant instant) {
    if (instant.getNano() % 1000 != 0) {
      return Optional.empty();
    }
    try {
      var seconds = Math.multiplyExact(instant.getEpochSecond(), 1_000_000L);
      return Optional.of(Math.addExact(seconds, instant.getNano() / 1000));
    } catch (ArithmeticException outOfRange) {
      return Optional.empty();
    }
  }
}
