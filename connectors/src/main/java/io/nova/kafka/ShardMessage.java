package io.nova.kafka;

import io.nova.shard.Offer;
import org.jspecify.annotations.Nullable;

/**
 * What a shard hears: an event, how far a partition has come, or once in each run its generation.
 * Events and progress take the same way, so that a partition's progress never overtakes its events.
 * Exactly one of the three is there. A Flink POJO.
 */
public final class ShardMessage {
  /** The shard it is for. */
  public int shard;

  /** An event. */
  public @Nullable Offer event;

  /** Progress. */
  public @Nullable PartitionProgress progress;

  /** The run of the job. */
  public @Nullable String generation;

  public ShardMessage() {}

  /** An event for a shard. */
  public static ShardMessage of(int shard, Offer event) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.event = event;
    return message;
  }

  /** A partition's progress for a shard. */
  public static ShardMessage of(int shard, PartitionProgress progress) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.progress = progress;
    return message;
  }

  /** The run of the job, for a shard. */
  public static ShardMessage of(int shard, String generation) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.generation = generation;
    return message;
  }
}
