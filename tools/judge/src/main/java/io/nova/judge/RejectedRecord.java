package io.nova.judge;

import org.jspecify.annotations.Nullable;

/**
 * One record of the rejected topic.
 *
 * @param value the bytes that were sent
 * @param reason why it was rejected; empty when the record does not say
 * @param topic where it was read
 * @param partition where it was read; -1 when the record does not say
 * @param offset where it was read; -1 when the record does not say
 */
@SuppressWarnings("ArrayRecordComponent")
public record RejectedRecord(
    byte @Nullable [] value, String reason, String topic, int partition, long offset) {
  String position() {
    return "%s/%d@%d".formatted(topic, partition, offset);
  }
}
