package io.nova.kafka;

import io.nova.shard.Offer;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A message to a shard: an event, the progress of a partition, the generation, which is sent once
 * in each run, or a close. Exactly one of the four is present. It does not change once it is sent.
 *
 * <p>Events and progress take the same edges, so a partition's progress never overtakes its events.
 */
@TypeInfo(ShardMessageType.Factory.class)
public final class ShardMessage {
  /** Its shard. */
  public int shard;

  /** An event. */
  public @Nullable Offer event;

  /** Progress. */
  public @Nullable PartitionProgress progress;

  /** The run of the job. */
  public @Nullable String generation;

  /** The greatest batch that is closed from now on. */
  public @Nullable Long closeUpTo;

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

  /**
   * A close, for a shard.
   *
   * @param batch the greatest closed batch
   */
  public static ShardMessage closeUpTo(int shard, long batch) {
    ShardMessage message = new ShardMessage();
    message.shard = shard;
    message.closeUpTo = batch;
    return message;
  }
}
