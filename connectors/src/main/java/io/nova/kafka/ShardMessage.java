package io.nova.kafka;

import org.jspecify.annotations.Nullable;

/**
 * What a shard hears: an event, or how far a partition has come. Both take the same way, so that a
 * partition's progress never overtakes its events. A Flink POJO.
 */
public final class ShardMessage {
  /** The shard it is for. */
  public int shard;

  /** An event; null where this is progress. */
  public @Nullable Offered event;

  /** Progress; null where this is an event. */
  public @Nullable PartitionProgress progress;

  public ShardMessage() {}

  /** An event for a shard. */
  public static ShardMessage of(int shard, Offered event) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.event = event;
    return message;
  }

  /** A partition's progress for a shard. */
  public static ShardMessage of(int shard, int partition, long uploadMicros) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.progress = new PartitionProgress();
    message.progress.partition = partition;
    message.progress.uploadMicros = uploadMicros;
    return message;
  }
}
