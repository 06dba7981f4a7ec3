package io.nova.simulation;

import io.nova.block.ShardState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A shard's state in memory, which can be copied, as a checkpoint does, and forget, as a TTL does.
 */
public final class MemoryShardState implements ShardState {
  private final Map<SegmentId, byte[]> log = new HashMap<>();
  private final TreeMap<Long, byte[]> cold = new TreeMap<>();
  private final TreeMap<Long, Integer> coldCounts = new TreeMap<>();
  private byte[] header;

  /** An independent copy. */
  public MemoryShardState copy() {
    MemoryShardState copy = new MemoryShardState();
    log.forEach((id, stored) -> copy.log.put(id, stored.clone()));
    cold.forEach((interval, packed) -> copy.cold.put(interval, packed.clone()));
    copy.coldCounts.putAll(coldCounts);
    copy.header = header == null ? null : header.clone();
    return copy;
  }

  /** Forgets the fingerprints of an interval, not their number. */
  public void forgetCold(long interval) {
    cold.remove(interval);
  }

  /** The intervals of which fingerprints are there. */
  public Set<Long> coldIntervals() {
    return cold.keySet();
  }

  @Override
  public void putSegment(SegmentId id, byte[] stored) {
    log.put(id, stored.clone());
  }

  @Override
  public byte[] segment(SegmentId id) {
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
  public void putCold(long interval, byte[] packed) {
    cold.put(interval, packed.clone());
  }

  @Override
  public byte[] cold(long interval) {
    return cold.get(interval);
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
  public void removeCold(long interval) {
    cold.remove(interval);
    coldCounts.remove(interval);
  }

  @Override
  public void putHeader(byte[] stored) {
    header = stored.clone();
  }

  @Override
  public byte[] header() {
    return header;
  }
}
