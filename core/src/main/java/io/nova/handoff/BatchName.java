package io.nova.handoff;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * The name of a batch, for people: the UTC time at which it begins. It is a day, such as {@code
 * 2026-11-21}, for a batch that begins at midnight. For every other batch it is a time, such as
 * {@code 2026-11-21T13:00Z}.
 */
public final class BatchName {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  private BatchName() {}

  /** The name of a batch. */
  public static String of(long batch, Duration batchLength) {
    OffsetDateTime begin = begin(batch, batchLength).atOffset(ZoneOffset.UTC);
    return begin.toLocalTime().toSecondOfDay() == 0 && begin.getNano() == 0
        ? begin.toLocalDate().toString()
        : begin.toString();
  }

  /** The first upload time of a batch. */
  public static Instant begin(long batch, Duration batchLength) {
    return Instant.ofEpochMilli(Math.multiplyExact(batch, batchLength.toMillis()));
  }

  /**
   * The number of a batch.
   *
   * @param text a name, or the number itself
   * @throws IllegalArgumentException if it is neither, or if no batch begins at that time
   */
  public static long parse(String text, Duration batchLength) {
    try {
      if (NUMBER.matcher(text).matches()) {
        long batch = Long.parseLong(text);
        String unused = of(batch, batchLength);
        return batch;
      }
      return beginningAt(instant(text), text, batchLength);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      // Without a cause: SQL clients show the innermost message only.
      throw new IllegalArgumentException(
          ("Batch '%s': expected the UTC day or time at which it begins, such as 2026-11-21 or"
                  + " 2026-11-21T13:00Z, or its number. Nothing was done.")
              .formatted(text));
    }
  }

  private static Instant instant(String text) {
    return text.contains("T")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static long beginningAt(Instant time, String text, Duration batchLength) {
    long batch = Math.floorDiv(time.toEpochMilli(), batchLength.toMillis());
    if (!begin(batch, batchLength).equals(time)) {
      throw new IllegalArgumentException(
          ("Batch '%s': no batch begins at that time. The batch length is %s, and the batch with"
                  + " that time is %s. Nothing was done.")
              .formatted(text, batchLength, of(batch, batchLength)));
    }
    return batch;
  }
}
