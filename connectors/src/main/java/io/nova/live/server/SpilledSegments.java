package io.nova.live.server;

import io.nova.shard.ShardState.SegmentId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gets segments that are in the log only. */
@FunctionalInterface
public interface SpilledSegments {
  /** A segment of a shard, as stored; null where its block has left meanwhile. Any thread. */
  CompletableFuture<byte @Nullable []> fetch(int shard, SegmentId id);
}
