package io.nova.judge;

import io.nova.judge.record.Content;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table as it lies there.
 *
 * @param content its 55 columns and what {@code extra} holds
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
