package io.nova.kafka.batches.client;

import java.time.Instant;
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
    @Nullable String original) {}
