package io.nova.workload.generate;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of a visit's uploads at Kafka. A later arrival has only the number of its visit,
 * which is generated again from the seed when the arrival is due.
 *
 * @param dueMicros when it arrives, in microseconds since 1970
 * @param order the order in which deliveries were planned, which breaks ties
 * @param kind why it arrives
 * @param visitNumber the number of the visit
 * @param visitStartMicros when the visit began
 * @param batch which upload of the visit, from 0
 * @param uploadMicros the upload time of this delivery's messages
 * @param retried whether the client has sent it for the second time
 * @param partition the partition where it arrives
 * @param visit the visit; null when it must be generated again
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

  /** Why an upload arrives. All kinds but the first and the retries are copies, byte for byte. */
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
