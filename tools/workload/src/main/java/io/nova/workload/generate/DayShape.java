package io.nova.workload.generate;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The distribution of visits over the hours of a day: few at night, many in the evening. */
final class DayShape {
  static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);

  /** The latest begin of a visit, which is still uploaded on the same day. */
  private static final long LAST_START_MICROS = DAY_MICROS - TimeUnit.MINUTES.toMicros(12);

  private static final int[] WEIGHTS = {
    18, 13, 10, 9, 10, 14, 22, 33, 42, 48, 50, 51, 54, 55, 52, 51, 53, 57, 63, 70, 74, 66, 46, 29
  };

  private final long startMicros;
  private final double[] cumulative = new double[WEIGHTS.length + 1];

  DayShape(LocalDate day) {
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

  /** The last microsecond of the day. */
  long lastMicros() {
    return startMicros + DAY_MICROS - 1;
  }

  /** The time at which a share (0 to 1) of the day's visits has begun, in microseconds. */
  long timeOf(double share) {
    int hour = 0;
    while (hour < WEIGHTS.length - 1 && cumulative[hour + 1] <= share) {
      hour++;
    }
    double inHour = (share - cumulative[hour]) / (cumulative[hour + 1] - cumulative[hour]);
    double shareOfDay = (hour + Math.min(inHour, 1)) / WEIGHTS.length;
    return startMicros + (long) (shareOfDay * LAST_START_MICROS);
  }
}
