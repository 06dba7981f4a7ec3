package io.nova.sql.source.reader;

import org.apache.flink.table.data.TimestampData;

/** Instants as they are stored and as Flink wants them. */
final class Instants {
  private Instants() {}

  /** An instant of so many microseconds since 1970, negative before. */
  static TimestampData ofMicros(long micros) {
    long millis = Math.floorDiv(micros, 1000L);
    return TimestampData.fromEpochMillis(millis, (int) (micros - millis * 1000L) * 1000);
  }
}
