package io.nova.handoff;

import io.nova.event.Micros;
import org.jspecify.annotations.Nullable;

/**
 * What the handoff knows of one Kafka partition of the events.
 *
 * @param partition its number
 * @param reachedMicros the upload time that it has reached, microseconds since 1970; {@link
 *     Micros#UNKNOWN} before any
 * @param firstMicros its first progress; {@link Micros#UNKNOWN} before any
 * @param readTo the offset after the last record read from it; 0 before any
 * @param retiredAt the offset up to which it had been read when it was retired; null if it is not
 *     retired
 */
public record PartitionState(
    int partition, long reachedMicros, long firstMicros, long readTo, @Nullable Long retiredAt) {
  /** A partition of which nothing was read. */
  static PartitionState unread(int partition) {
    return new PartitionState(partition, Micros.UNKNOWN, Micros.UNKNOWN, 0, null);
  }

  /** After more was read. A record after the retirement ends it. Progress never falls. */
  PartitionState read(long uploadMicros, long offset) {
    long next = Math.max(readTo, offset + 1);
    return new PartitionState(
        partition,
        Math.max(reachedMicros, uploadMicros),
        firstMicros == Micros.UNKNOWN ? uploadMicros : firstMicros,
        next,
        retiredAt == null || next > retiredAt ? null : retiredAt);
  }

  /** Retired where it was read up to an offset. Nothing changes if more of it was read since. */
  PartitionState retired(long at) {
    return readTo > at
        ? this
        : new PartitionState(partition, reachedMicros, firstMicros, readTo, at);
  }

  /** With progress that is at most this: a wrong server clock is undone. */
  public PartitionState notAfter(long micros) {
    return new PartitionState(
        partition,
        Math.min(reachedMicros, micros),
        Math.min(firstMicros, micros),
        readTo,
        retiredAt);
  }

  /** A retired partition counts until it is read up to its retirement: after a restore. */
  boolean isRetired() {
    return retiredAt != null && readTo >= retiredAt;
  }

  boolean hasProgress() {
    return reachedMicros != Micros.UNKNOWN;
  }
}
