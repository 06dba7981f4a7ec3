package io.nova.sql.source;

import org.apache.flink.table.data.TimestampData;

/** Converts stored instants to Flink's. */
public final class Instants {
  private Instants() {}

  /** The instant at a number of microseconds since 1970, which may be negative. */
  public static TimestampData ofMicros(long micros) {
    long millis = Math.floorDiv(micros, 1000L);
    return TimestampData.fromEpochMillis(millis, (int) (micros - millis * 1000L) * 1000);
  }

  /** The number of microseconds since 1970 of an instant; less than a microsecond is cut off. */
  public static long toMicros(TimestampData instant) {
    return instant.getMillisecond() * 1000L + instant.getNanoOfMillisecond() / 1000;
  }
}
