package io.nova.kafka.batches.client;

import io.nova.kafka.KafkaPlace;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of a batch that was rejected because it came too late.
 *
 * @param reason {@code batch_closed}, {@code too_late} or {@code unknown}
 * @param mayBeCopy whether an admitted copy cannot be ruled out
 * @param uploadTime its upload time
 * @param topic the topic that it was read from
 * @param partition its partition there
 * @param offset its offset there
 * @param index its place among the elements of its message; 0 in a message of one event
 * @param envelope the envelope of an element, which is valid UTF-8; null where the message is the
 *     event
 * @param original its bytes, which are valid UTF-8; null where the rejected topic did not take
 *     them, so that only its place has them
 */
public record LateEvent(
    String reason,
    boolean mayBeCopy,
    Instant uploadTime,
    String topic,
    int partition,
    long offset,
    int index,
    @Nullable String envelope,
    @Nullable String original) {
  /** The place that it was read from. */
  public KafkaPlace place() {
    return new KafkaPlace(topic, partition, offset, index);
  }

  /**
   * The same event, which shares an equal envelope with others: the elements of a message have one.
   *
   * @param envelopes the envelopes that are shared. This event's is added
   */
  LateEvent sharing(Map<String, String> envelopes) {
    return envelope == null
        ? this
        : new LateEvent(
            reason,
            mayBeCopy,
            uploadTime,
            topic,
            partition,
            offset,
            index,
            envelopes.computeIfAbsent(envelope, same -> same),
            original);
  }
}
