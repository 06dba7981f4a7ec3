package io.nova.judge.record;

import io.nova.judge.json.JsonStrings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of a record as the value of a column.
 *
 * @param value as the table should have it; null when it does not fit
 * @param whole whether it keeps everything that the record's value says
 */
record MappedValue(@Nullable Object value, boolean whole) {
  private static final MappedValue MISFIT = new MappedValue(null, false);
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final int LONGEST_EPOCH = 64;
  private static final Map<String, Integer> MICROS =
      Map.of("epoch_seconds", 1_000_000, "epoch_milliseconds", 1_000, "epoch_microseconds", 1);

  /** The value of a column from the bytes of a JSON value other than null. */
  static MappedValue of(MappedColumn column, byte[] json) {
    String raw = new String(json, StandardCharsets.UTF_8);
    boolean isText = json[0] == '"';
    boolean isNumber = json[0] == '-' || (json[0] >= '0' && json[0] <= '9');
    String text = isText ? JsonStrings.decode(json, 1, json.length - 1) : raw;
    return switch (column.key().fit()) {
      case JSON -> new MappedValue(raw, true);
      case BOOLEAN ->
          raw.equals("true") || raw.equals("false")
              ? new MappedValue(raw.equals("true"), true)
              : MISFIT;
      case DOUBLE -> isNumber ? real(raw) : MISFIT;
      case TEXT -> {
        if (isNumber && column.numberAsText()) {
          yield new MappedValue(raw, false);
        }
        yield isText && !JsonStrings.hasLoneSurrogate(text) ? new MappedValue(text, true) : MISFIT;
      }
      case INTEGER -> {
        if (column.values().isEmpty()) {
          yield isNumber ? integer(raw) : MISFIT;
        }
        yield new MappedValue(isText || isNumber ? column.values().get(text) : null, false);
      }
      case TIME -> {
        if (column.format().equals("auto")) {
          yield isText ? time(ExportTime.of(text)) : MISFIT;
        }
        yield isText || isNumber ? epoch(text, MICROS.getOrDefault(column.format(), 1)) : MISFIT;
      }
    };
  }

  private static MappedValue integer(String raw) {
    try {
      return new MappedValue(Long.parseLong(raw), true);
    } catch (NumberFormatException e) {
      return MISFIT;
    }
  }

  private static MappedValue real(String raw) {
    double value = Double.parseDouble(raw);
    boolean lost = value == 0 && raw.split("[eE]", -1)[0].matches(".*[1-9].*");
    return lost || Double.isInfinite(value) ? MISFIT : new MappedValue(value, true);
  }

  private static MappedValue time(Optional<ExportTime> time) {
    return time.map(t -> new MappedValue(t.micros(), t.exact())).orElse(MISFIT);
  }

  private static MappedValue epoch(String text, int microsOfUnit) {
    if (text.length() > LONGEST_EPOCH || !NUMBER.matcher(text).matches()) {
      return MISFIT;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      if (number.scale() > LONGEST_EPOCH || number.scale() < -LONGEST_EPOCH) {
        return MISFIT;
      }
      BigDecimal micros = number.multiply(BigDecimal.valueOf(microsOfUnit));
      BigDecimal whole = micros.setScale(0, RoundingMode.FLOOR);
      return new MappedValue(whole.longValueExact(), whole.compareTo(micros) == 0);
    } catch (ArithmeticException | NumberFormatException e) {
      return MISFIT;
    }
  }
}
