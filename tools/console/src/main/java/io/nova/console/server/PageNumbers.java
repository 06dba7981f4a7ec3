package io.nova.console.server;

import io.nova.console.ask.Answer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of an answer for readers whose numbers are doubles, such as a page. One that a double
 * does not hold becomes text. Such a reader adds the parameter {@code numbers=safe} to the address.
 */
final class PageNumbers {
  private static final String PARAMETER = "numbers";
  private static final String SAFE = "safe";

  private PageNumbers() {}

  /** Whether the reader's numbers are doubles. */
  static boolean wanted(Request request) {
    return SAFE.equals(request.query().get(PARAMETER));
  }

  /** The rows of {@link Answer#rows()} with safe numbers. */
  static List<List<@Nullable Object>> rows(List<List<@Nullable Object>> rows) {
    return rows.stream().map(PageNumbers::row).toList();
  }

  private static List<@Nullable Object> row(List<@Nullable Object> row) {
    @Nullable Object[] safe = row.toArray();
    Arrays.setAll(safe, i -> safe(safe[i]));
    return Arrays.asList(safe);
  }

  /** The value, or its digits as text. */
  static @Nullable Object safe(@Nullable Object value) {
    if (value instanceof Long || value instanceof BigInteger || value instanceof BigDecimal) {
      BigDecimal exact = new BigDecimal(value.toString());
      boolean held = BigDecimal.valueOf(exact.doubleValue()).compareTo(exact) == 0;
      return held ? value : exact.toPlainString();
    }
    return value;
  }
}
