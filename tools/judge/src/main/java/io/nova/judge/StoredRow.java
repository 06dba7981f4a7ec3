package io.nova.judge;

import io.nova.judge.record.Content;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param batchNumber its batch
 * @param shard its shard; {@link #NO_SHARD} if it is not kept
 * @param topic the topic of its message; {@link #NO_TOPIC} if it is not kept
 * @param partition the partition of its message
 * @param offset the offset of its message
 * @param index its place among the elements of its message
 * @param user its user; null for none
 * @param content its 55 columns and the members of {@code extra}
 * @param readable false when {@code extra} is no JSON object
 */
record StoredRow(
    long batchNumber,
    int shard,
    String topic,
    int partition,
    long offset,
    int index,
    @Nullable String user,
    Content content,
    boolean readable) {
  static final int NO_SHARD = -1;
  static final String NO_TOPIC = "";

  /** Whether the row has shard and position; the batch layer need not keep them. */
  boolean isPlaced() {
    return !topic.equals(NO_TOPIC);
  }

  String position() {
    return isPlaced()
        ? "%s/%d@%d.%d".formatted(topic, partition, offset, index)
        : "of batch %d in the batch layer".formatted(batchNumber);
  }
}
