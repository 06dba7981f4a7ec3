package io.nova.sql.filter;

import java.math.BigDecimal;
import java.util.Optional;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.iceberg.types.Type;

/** Converts the constants of a query to values of Iceberg. */
final class Literals {
  private Literals() {}

  /**
   * The constant as a value of the column's type: a text, a boolean, or a long for every integer
   * type. Empty if the constant is null or would have to be rounded.
   */
  static Optional<Object> value(ValueLiteralExpression literal, Type columnType) {
    return switch (columnType.typeId()) {
      case STRING -> literal.getValueAs(String.class).map(Object.class::cast);
      case BOOLEAN -> literal.getValueAs(Boolean.class).map(Object.class::cast);
      case INTEGER, LONG -> literal.getValueAs(BigDecimal.class).flatMap(Literals::whole);
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
}
