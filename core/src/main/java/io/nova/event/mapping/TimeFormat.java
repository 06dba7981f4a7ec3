package io.nova.event.mapping;

import io.nova.event.EventTimes;
import io.nova.event.EventTimes.EventTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The format of a producer's time. The names in lower case are part of the mapping format. */
public enum TimeFormat {
  /** A text that {@link EventTimes} reads. */
  AUTO("a time as text"),
  /** Seconds since 1970: a JSON number or the text of one, perhaps with a fraction. */
  EPOCH_SECONDS("seconds since 1970"),
  /** Milliseconds since 1970, written likewise. */
  EPOCH_MILLISECONDS("milliseconds since 1970"),
  /** Microseconds since 1970, written likewise. */
  EPOCH_MICROSECONDS("microseconds since 1970");

  /** The most digits of a time. Longer numbers and greater exponents would be slow to parse. */
  private static final int MAX_DIGITS = 64;

  /** A JSON number, also as the content of a string. */
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

  /** The values that fit, in words. */
  String expected() {
    return expected;
  }

  /** The time in the UTF-8 bytes {@code [start, end)} of a JSON string; null where it is none. */
  public @Nullable EventTime read(byte[] json, int start, int end) {
    return this == AUTO
        ? EventTimes.read(json, start, end)
        : read(new String(json, start, end - start, StandardCharsets.UTF_8));
  }

  /** The time in a JSON string or number; null where it is not a time. */
  public @Nullable EventTime read(String text) {
    return switch (this) {
      case AUTO -> EventTimes.parse(text).orElse(null);
      case EPOCH_SECONDS -> sinceEpoch(text, 6);
      case EPOCH_MILLISECONDS -> sinceEpoch(text, 3);
      case EPOCH_MICROSECONDS -> sinceEpoch(text, 0);
    };
  }

  /** Reads a decimal number of units, where a unit is a power of ten in microseconds. */
  private static @Nullable EventTime sinceEpoch(String text, int power) {
    if (text.length() > MAX_DIGITS || !NUMBER.matcher(text).matches()) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.scale()) > MAX_DIGITS) {
        return null;
      }
      BigDecimal micros = number.scaleByPowerOfTen(power);
      BigInteger whole = micros.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
      return new EventTime(whole.longValueExact(), micros.compareTo(new BigDecimal(whole)) == 0);
    } catch (ArithmeticException | NumberFormatException noTime) {
      return null;
    }
  }
}
