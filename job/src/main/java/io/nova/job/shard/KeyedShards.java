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
 * The shards of a subtask, by number. The state of a shard is at hand while its key is the
 * operator's current one. Belongs to the task thread.
 */
final class KeyedShards {
  private final KeyContext context;
  private final ShardKeys keys;
  private final IntFunction<Shard> begin;
  private final Map<Integer, Shard> shards = new TreeMap<>();

  /**
   * No shards yet.
   *
   * @param begin makes a shard as its state has it, while its key is the current one
   */
  KeyedShards(KeyContext context, ShardKeys keys, IntFunction<Shard> begin) {
    this.context = context;
    this.keys = keys;
    this.begin = begin;
  }

  /**
   * Begins the shards of these keys, which have state.
   *
   * @param begun what is done with each before the next one begins, while it is the current key
   */
  void restore(Iterable<Integer> known, Consumer<Shard> begun) {
    for (int key : known) {
      context.setCurrentKey(key);
      begun.accept(current(keys.shardOf(key)));
    }
  }

  /** The shard with this number, which must be the current key. */
  Shard current(int number) {
    return shards.computeIfAbsent(number, begin::apply);
  }

  /** Those that have begun, whichever key is the current one. */
  Collection<Shard> all() {
    return shards.values();
  }

  /** Those that have begun, by number; others that begin appear in it. */
  Map<Integer, Shard> byNumber() {
    return Collections.unmodifiableMap(shards);
  }

  /** Does something with a shard while it is the current key. */
  <T> T with(int number, Function<Shard, T> work) {
    Object before = context.getCurrentKey();
    context.setCurrentKey(keys.keyOf(number));
    T done = work.apply(current(number));
    if (before != null) {
      context.setCurrentKey(before);
    }
    return done;
  }

  /** Does something with each shard that has begun, while it is the current key. */
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
