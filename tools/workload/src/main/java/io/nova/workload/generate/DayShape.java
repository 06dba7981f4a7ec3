package io.nova.workload.generate;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The distribution of visits over the hours of each day: few at night, many in the evening. */
final class DayShape {
  static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);

  /** The latest begin of a visit on the last day, which is still uploaded on that day. */
  private static final long LAST_START_MICROS = DAY_MICROS - TimeUnit.MINUTES.toMicros(12);

  private static final int[] WEIGHTS = {
    18, 13, 10, 9, 10, 14, 22, 33, 42, 48, 50, 51, 54, 55, 52, 51, 53, 57, 63, 70, 74, 66, 46, 29
  };

  private final long startMicros;
  private final int days;
  private final double[] cumulative = new double[WEIGHTS.length + 1];

  /**
   * Days in a row, all of the same shape.
   *
   * @param day the first of them
   */
  DayShape(LocalDate day, int days) {
    this.days = days;
    startMicros = TimeUnit.SECONDS.toMicros(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
    for (int hour = 0; hour < WEIGHTS.length; hour++) {
      cumulative[hour + 1] = cumulative[hour] + WEIGHTS[hour];
    }
    double total = cumulative[WEIGHTS.length];
    for (int hour = 0; hour <= WEIGHTS.length; hour++) {
      cumulative[hour] /= total;
    }
  }

  long startMicros() {
    return startMicros;
  }

  /** The time up to the next midnight between two days; {@link #DAY_MICROS} on the last day. */
  long untilMidnight(long micros) {
    return micros > lastMicros() - DAY_MICROS
        ? DAY_MICROS
        : DAY_MICROS - Math.floorMod(micros - startMicros, DAY_MICROS);
  }

  /** The last microsecond of the last day. */
  long lastMicros() {
    return startMicros + days * DAY_MICROS - 1;
  }

  /** The time at which a share (0 to 1) of the visits of all days has begun, in microseconds. */
  long timeOf(double share) {
    int day = Math.min((int) (share * days), days - 1);
    long length = day == days - 1 ? LAST_START_MICROS : DAY_MICROS;
    return startMicros + day * DAY_MICROS + (long) (shareOfDay(share * days - day) * length);
  }

  /** The share of a day that is over when a share of its visits has begun. */
  private double shareOfDay(double share) {
    int hour = 0;
    while (hour < WEIGHTS.length - 1 && cumulative[hour + 1] <= share) {
      hour++;
    }
    double inHour = (share - cumulative[hour]) / (cumulative[hour + 1] - cumulative[hour]);
    return (hour + Math.min(inHour, 1)) / WEIGHTS.length;
  }
}
