package io.nova.event.mapping;

import io.nova.event.EventTimes;
import io.nova.event.EventTimes.EventTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a producer writes a time. Names in lower case are a format. */
public enum TimeFormat {
  /** A text that {@link EventTimes} reads. */
  AUTO("a time as text"),
  /** Seconds since 1970: a JSON number, or a text of one; fractions count. */
  EPOCH_SECONDS("seconds since 1970"),
  /** The same in milliseconds. */
  EPOCH_MILLISECONDS("milliseconds since 1970"),
  /** The same in microseconds. */
  EPOCH_MICROSECONDS("microseconds since 1970");

  /** Longer numbers, and greater exponents, are no times: they would cost time to say so. */
  private static final int MAX_DIGITS = 64;

  /** A number as JSON writes it, also where it stands in a text. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final String expected;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  TimeFormat(String expected) {
    this.expected = expected;
  }

  /** The name in mapping files. */
  String wireName() {
    return wireName;
  }

  /** What fits, for messages. */
  String expected() {
    return expected;
  }

  /** The time that a text or a number in JSON names; empty where it names none. */
  public Optional<EventTime> read(String text) {
    return switch (this) {
      case AUTO -> EventTimes.parse(text);
      case EPOCH_SECONDS -> sinceEpoch(text, 6);
      case EPOCH_MILLISECONDS -> sinceEpoch(text, 3);
      case EPOCH_MICROSECONDS -> sinceEpoch(text, 0);
    };
  }

  /** Reads a decimal number of units, each a power of ten of microseconds. */
  private static Optional<EventTime> sinceEpoch(String text, int power) {
    if (text.length() > MAX_DIGITS || !NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.scale()) > MAX_DIGITS) {
        return Optional.empty();
      }
      BigDecimal micros = number.scaleByPowerOfTen(power);
      BigInteger whole = micros.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
      return Optional.of(
          new EventTime(whole.longValueExact(), micros.compareTo(new BigDecimal(whole)) == 0));
    } catch (ArithmeticException | NumberFormatException noTime) {
      return Optional.empty();
    }
  }
}
