package io.nova.shard;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A shard's state on the heap, for benchmarks and tests. Nothing of it is durable. It can be
 * copied, as by a checkpoint, and it can lose fingerprints, as by a TTL. It copies the arrays that
 * it is given, so that a later change of one does not go unnoticed.
 *
 * <p>Not thread safe.
 */
public final class HeapShardState implements ShardState {
  private final Map<SegmentId, byte[]> log = new HashMap<>();
  private final Map<PageId, byte[]> cold = new HashMap<>();
  private final TreeMap<Long, Integer> coldCounts = new TreeMap<>();
  private byte @Nullable [] header;

  /** An independent copy. */
  public HeapShardState copy() {
    HeapShardState copy = new HeapShardState();
    log.forEach((id, stored) -> copy.log.put(id, stored.clone()));
    cold.forEach((id, packed) -> copy.cold.put(id, packed.clone()));
    copy.coldCounts.putAll(coldCounts);
    copy.header = header == null ? null : header.clone();
    return copy;
  }

  /** Loses the fingerprints of an interval, but not their number. */
  public void forgetCold(long interval) {
    cold.keySet().removeIf(id -> id.interval() == interval);
  }

  /** The stored pages of fingerprints. */
  public Set<PageId> coldPages() {
    return Set.copyOf(cold.keySet());
  }

  @Override
  public void putSegment(SegmentId id, byte[] stored) {
    log.put(id, stored.clone());
  }

  @Override
  public byte @Nullable [] segment(SegmentId id) {
    return log.get(id);
  }

  @Override
  public void removeSegment(SegmentId id) {
    log.remove(id);
  }

  @Override
  public void segments(BiConsumer<SegmentId, byte[]> consumer) {
    log.forEach((id, stored) -> consumer.accept(id, stored.clone()));
  }

  @Override
  public void putCold(PageId id, byte[] packed) {
    cold.put(id, packed.clone());
  }

  @Override
  public byte @Nullable [] cold(PageId id) {
    return cold.get(id);
  }

  @Override
  public void removeCold(PageId id) {
    cold.remove(id);
  }

  @Override
  public void putColdCount(long interval, int count) {
    coldCounts.put(interval, count);
  }

  @Override
  public Map<Long, Integer> coldCounts() {
    return new TreeMap<>(coldCounts);
  }

  @Override
  public void removeColdCount(long interval) {
    coldCounts.remove(interval);
  }

  @Override
  public void putHeader(byte[] stored) {
    header = stored.clone();
  }

  @Override
  public byte @Nullable [] header() {
    return header;
  }
}
