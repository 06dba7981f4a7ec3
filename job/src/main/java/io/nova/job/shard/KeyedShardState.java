package io.nova.job.shard;

import io.nova.shard.ShardState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.jspecify.annotations.Nullable;

/**
 * The state of the shard whose key is current, in Flink's keyed state. The fingerprints of sealed
 * blocks have a time to live on the machines' clocks as a backstop. Their counts have none.
 */
final class KeyedShardState implements ShardState {
  /** The name of the record's state. Every shard that has begun has a record. */
  static final String HEADER = "header";

  private static final TypeInformation<byte[]> BYTES =
      PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

  private final MapState<Tuple2<Long, Integer>, byte[]> log;
  private final MapState<Tuple2<Long, Integer>, byte[]> cold;
  private final MapState<Long, Integer> coldCounts;
  private final ValueState<byte[]> header;

  KeyedShardState(RuntimeContext context, Duration ttl) {
    TypeInformation<Tuple2<Long, Integer>> numbered =
        new TypeHint<Tuple2<Long, Integer>>() {}.getTypeInfo();
    log = context.getMapState(new MapStateDescriptor<>("log", numbered, BYTES));
    cold =
        context.getMapState(expiring(new MapStateDescriptor<>("cold-pages", numbered, BYTES), ttl));
    coldCounts =
        context.getMapState(new MapStateDescriptor<>("cold-counts", Types.LONG, Types.INT));
    header = context.getState(new ValueStateDescriptor<>(HEADER, BYTES));
  }

  private static <K> MapStateDescriptor<K, byte[]> expiring(
      MapStateDescriptor<K, byte[]> state, Duration ttl) {
    state.enableTimeToLive(
        StateTtlConfig.newBuilder(ttl)
            .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
            .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
            .build());
    return state;
  }

  /** An access to state, which may throw any exception. */
  private interface Access<T extends @Nullable Object> {
    T run() throws Exception;
  }

  private static <T extends @Nullable Object> T access(Access<T> access) {
    try {
      return access.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Keyed state failed", e);
    }
  }

  private interface Change {
    void run() throws Exception;
  }

  private static void change(Change change) {
    access(
        () -> {
          change.run();
          return true;
        });
  }

  @Override
  public void putSegment(SegmentId id, byte[] stored) {
    change(() -> log.put(Tuple2.of(id.interval(), id.number()), stored));
  }

  @Override
  public byte @Nullable [] segment(SegmentId id) {
    return access(() -> log.get(Tuple2.of(id.interval(), id.number())));
  }

  @Override
  public void removeSegment(SegmentId id) {
    change(() -> log.remove(Tuple2.of(id.interval(), id.number())));
  }

  @Override
  public void segments(BiConsumer<SegmentId, byte[]> consumer) {
    change(
        () ->
            log.entries()
                .forEach(
                    entry ->
                        consumer.accept(
                            new SegmentId(entry.getKey().f0, entry.getKey().f1),
                            entry.getValue())));
  }

  @Override
  public void putCold(PageId id, byte[] packed) {
    change(() -> cold.put(Tuple2.of(id.interval(), id.page()), packed));
  }

  @Override
  public byte @Nullable [] cold(PageId id) {
    return access(() -> cold.get(Tuple2.of(id.interval(), id.page())));
  }

  @Override
  public void removeCold(PageId id) {
    change(() -> cold.remove(Tuple2.of(id.interval(), id.page())));
  }

  @Override
  public void putColdCount(long interval, int count) {
    change(() -> coldCounts.put(interval, count));
  }

  @Override
  public Map<Long, Integer> coldCounts() {
    Map<Long, Integer> counts = new HashMap<>();
    change(() -> coldCounts.entries().forEach(e -> counts.put(e.getKey(), e.getValue())));
    return counts;
  }

  @Override
  public void removeColdCount(long interval) {
    change(() -> coldCounts.remove(interval));
  }

  @Override
  public void putHeader(byte[] stored) {
    change(() -> header.update(stored));
  }

  @Override
  public byte @Nullable [] header() {
    return access(header::value);
  }
}
