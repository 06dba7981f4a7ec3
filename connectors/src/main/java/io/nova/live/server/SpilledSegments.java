package io.nova.live.server;

import io.nova.shard.ShardState.SegmentId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The source of segments that are only in the log. */
@FunctionalInterface
public interface SpilledSegments {
  /** Fetches a stored segment of a shard; null if its block has left the log. Any thread. */
  CompletableFuture<byte @Nullable []> fetch(int shard, SegmentId id);
}
