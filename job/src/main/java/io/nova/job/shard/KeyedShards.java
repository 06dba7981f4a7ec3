package io.nova.job.shard;

import io.nova.shard.Shard;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The shards of a subtask, by number. The state of a shard is accessible while its key is the
 * operator's current key. Belongs to the task thread.
 */
final class KeyedShards {
  private final KeyContext context;
  private final ShardKeys keys;
  private final IntFunction<Shard> begin;
  private final Map<Integer, Shard> shards = new TreeMap<>();

  /**
   * An empty collection.
   *
   * @param begin makes a shard from its state, while its key is current
   */
  KeyedShards(KeyContext context, ShardKeys keys, IntFunction<Shard> begin) {
    this.context = context;
    this.keys = keys;
    this.begin = begin;
  }

  /**
   * Makes the shards of keys that have state.
   *
   * @param begun takes each shard before the next one is made, while its key is current
   */
  void restore(Iterable<Integer> known, Consumer<Shard> begun) {
    for (int key : known) {
      context.setCurrentKey(key);
      begun.accept(current(keys.shardOf(key)));
    }
  }

  /** The shard with this number, whose key must be current. */
  Shard current(int number) {
    return shards.computeIfAbsent(number, begin::apply);
  }

  /** The shards that have begun. */
  Collection<Shard> all() {
    return shards.values();
  }

  /** A live view of the shards that have begun, by number. */
  Map<Integer, Shard> byNumber() {
    return Collections.unmodifiableMap(shards);
  }

  /** Runs work on a shard while its key is current. */
  <T> T with(int number, Function<Shard, T> work) {
    Object before = context.getCurrentKey();
    context.setCurrentKey(keys.keyOf(number));
    T done = work.apply(current(number));
    if (before != null) {
      context.setCurrentKey(before);
    }
    return done;
  }

  /** Runs work on each shard that has begun, while its key is current. */
  void visit(Consumer<Shard> work) {
    Object before = context.getCurrentKey();
    shards.forEach(
        (number, shard) -> {
          context.setCurrentKey(keys.keyOf(number));
          work.accept(shard);
        });
    if (before != null) {
      context.setCurrentKey(before);
    }
  }
}
