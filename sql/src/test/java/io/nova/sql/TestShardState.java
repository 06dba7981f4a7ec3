package io.nova.sql;

import io.nova.block.ShardState;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A shard's state in memory. */
final class TestShardState implements ShardState {

  private final Map<SegmentId, byte[]> log = new HashMap<>();
  private final Map<Long, byte[]> cold = new HashMap<>();
  private final Map<Long, Integer> coldCounts = new TreeMap<>();
  private byte @Nullable [] header;

  @Override
  public void putSegment(SegmentId id, byte[] stored) {
    log.put(id, stored);
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
    log.forEach(consumer);
  }

  @Override
  public void putCold(long interval, byte[] packed) {
    cold.put(interval, packed);
  }

  @Override
  public byte @Nullable [] cold(long interval) {
    return cold.get(interval);
  }

  @Override
  public void putColdCount(long interval, int count) {
    coldCounts.put(interval, count);
  }

  @Override
  public Map<Long, Integer> coldCounts() {
    return Map.copyOf(coldCounts);
  }

  @Override
  public void removeCold(long interval) {
    cold.remove(interval);
    coldCounts.remove(interval);
  }

  @Override
  public void putHeader(byte[] stored) {
    header = stored;
  }

  @Override
  public byte @Nullable [] header() {
    return header;
  }
}
