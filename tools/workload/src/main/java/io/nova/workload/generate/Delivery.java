package io.nova.workload.generate;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of an uploaded batch at the bus. Later arrivals of the same batch hold only the
 * number of their visit: it is made again from the seed when they are due.
 *
 * @param dueMicros when it arrives
 * @param order breaks ties, by the order in which deliveries were planned
 * @param kind why it arrives
 * @param batch which batch of the visit
 * @param uploadMicros the upload time of this delivery's messages
 * @param retried whether a client sent it, for a second time
 * @param partition where it arrives
 * @param visit the visit, where it is still at hand
 */
record Delivery(
    long dueMicros,
    long order,
    Kind kind,
    long visitNumber,
    long visitStartMicros,
    int batch,
    long uploadMicros,
    boolean retried,
    int partition,
    @Nullable Visit visit) {
  static final Comparator<Delivery> BY_TIME =
      Comparator.comparingLong(Delivery::dueMicros).thenComparingLong(Delivery::order);

  /** Why a batch arrives; all but the first and the retries are copies, byte for byte. */
  enum Kind {
    FIRST(1),
    RESENT_AFTER_MINUTES(2),
    RESENT_AFTER_12_MINUTES(3),
    RESENT_AFTER_1_HOUR(4),
    RESENT_AFTER_6_HOURS(5),
    RETRIED_BY_CLIENT(6),
    RETRIED_TOO_LATE(7);

    final long code;

    Kind(long code) {
      this.code = code;
    }
  }
}
