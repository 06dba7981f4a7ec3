package io.nova.judge;

import io.nova.judge.record.Content;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param batchNumber its batch
 * @param shard its shard
 * @param topic the topic of its message
 * @param partition the partition of its message
 * @param offset the offset of its message
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
    @Nullable String user,
    Content content,
    boolean readable) {
  String position() {
    return "%s/%d@%d".formatted(topic, partition, offset);
  }
}
