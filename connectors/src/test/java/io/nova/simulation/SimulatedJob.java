package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.event.Tally;
import io.nova.iceberg.commit.LastWindows;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Admission;
import io.nova.shard.HeapShardState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/**
 * The job without Flink: partitions that are read at their own pace, ordered channels to {@link
 * SimulatedShards}, aligned checkpoints.
 *
 * <p>Progress goes through the same channels as the events. Watermarks are ahead of what Flink
 * would send, since they must have no effect on decisions.
 */
final class SimulatedJob {
  private final Measures measures;
  private final Topic topic;
  private final Random random;
  private final Trace trace;
  private final SimulatedShards.Sealed sealed;

  private int[] positions;
  private boolean[] idle;
  private int stalled = -1;
  private long[] sentInterval;
  private Tally received;

  /** To each shard, from each partition, and at the end those that closes take. */
  private List<List<ArrayDeque<ShardMessage>>> channels;

  private SimulatedShards shards;

  /** The content of a checkpoint, and the oracles at that moment. */
  record Cut(
      List<Integer> positions,
      Tally received,
      List<HeapShardState> states,
      List<Oracle> oracles,
      Map<SimulatedMessage, Admission> outcomes) {}

  SimulatedJob(
      Measures measures, Topic topic, Random random, Trace trace, SimulatedShards.Sealed sealed) {
    this.measures = measures;
    this.topic = topic;
    this.random = random;
    this.trace = trace;
    this.sealed = sealed;
  }

  /** A cut before the first message. */
  Cut beginning() {
    List<HeapShardState> empty = new ArrayList<>();
    List<Oracle> unknowing = new ArrayList<>();
    for (int shard = 0; shard < measures.table().shards(); shard++) {
      empty.add(new HeapShardState());
      unknowing.add(new Oracle(measures));
    }
    return new Cut(
        Collections.nCopies(measures.partitions(), 0),
        new Tally(),
        empty,
        unknowing,
        new HashMap<>());
  }

  /** Starts from a cut with another parallelism. If forgetful, the TTL has removed fingerprints. */
  void start(Cut cut, boolean forgetful) {
    positions = cut.positions().stream().mapToInt(Integer::intValue).toArray();
    idle = new boolean[measures.partitions()];
    sentInterval = new long[measures.partitions()];
    Arrays.fill(sentInterval, Micros.UNKNOWN);
    received = copy(cut.received());
    channels = new ArrayList<>();
    for (int source = 0; source <= measures.partitions(); source++) {
      List<ArrayDeque<ShardMessage>> toShards = new ArrayList<>();
      cut.states().forEach(state -> toShards.add(new ArrayDeque<>()));
      channels.add(toShards);
    }
    shards = new SimulatedShards(measures, topic, random, trace, sealed, cut, forgetful);
    trace.note("START at " + Arrays.toString(positions));
  }

  /** Leaves batches to the batch layer, after a start from before their close. */
  void handOff(List<SimulatedTag> tags) {
    shards.handOff(tags);
  }

  /** As {@link #handOff(List)}, with the last windows that are read from the tags of a table. */
  void handOff(List<SimulatedTag> tags, LastWindows windows, boolean dropped) {
    shards.handOff(tags, windows, dropped);
  }

  private static Tally copy(Tally tally) {
    Tally copy = new Tally();
    copy.add(tally);
    return copy;
  }

  /** Does one random step. */
  void step() {
    double what = random.nextDouble();
    if (what < 0.38) {
      read();
    } else if (what < 0.80) {
      deliver();
    } else if (what < 0.86) {
      sendProgress();
    } else if (what < 0.94) {
      advanceFrontier();
    } else if (what < 0.96) {
      shards.sealEarly();
    } else if (what < 0.98) {
      stalled = random.nextInt(4) == 0 ? random.nextInt(measures.partitions()) : -1;
    } else {
      idle[random.nextInt(idle.length)] = true;
    }
  }

  private void read() {
    int partition = random.nextInt(measures.partitions());
    if (partition == stalled && random.nextInt(30) != 0) {
      return;
    }
    for (int i = random.nextInt(5); i >= 0; i--) {
      readOne(partition);
    }
  }

  private void readOne(int partition) {
    if (positions[partition] == topic.partition(partition).size()) {
      return;
    }
    long offset = topic.partition(partition).get(positions[partition]).offset();
    while (topic.offset(partition, positions[partition]) == offset) {
      readElement(partition, topic.partition(partition).get(positions[partition]++));
    }
  }

  private void readElement(int partition, SimulatedMessage message) {
    idle[partition] = false;
    received.of(message.received().app).received++;
    if (message.isEvent()) {
      int shard = message.received().shard;
      channels.get(partition).get(shard).add(ShardMessage.of(shard, message.received().event));
    } else {
      received.rejected(message.received().app, message.received().rejected.reason);
    }
  }

  private void sendProgress() {
    for (int partition = 0; partition < measures.partitions(); partition++) {
      long reached = reached(partition);
      if (reached != Micros.UNKNOWN && Measures.intervalOf(reached) > sentInterval[partition]) {
        sentInterval[partition] = Measures.intervalOf(reached);
        for (int shard = 0; shard < shards.size(); shard++) {
          channels
              .get(partition)
              .get(shard)
              .add(ShardMessage.of(shard, PartitionProgress.of(partition, reached, -1)));
        }
      }
    }
  }

  /** The greatest upload time read from a partition. */
  private long reached(int partition) {
    int position = positions[partition];
    return position == 0
        ? Micros.UNKNOWN
        : topic.partition(partition).get(position - 1).partitionMicros();
  }

  /**
   * Closes a batch that some partition has reached. Its shards learn of it at different times.
   *
   * @return the batch; empty where nothing was read
   */
  OptionalLong close() {
    long reached = Micros.UNKNOWN;
    for (int partition = 0; partition < measures.partitions(); partition++) {
      reached = Math.max(reached, reached(partition));
    }
    if (reached == Micros.UNKNOWN) {
      return OptionalLong.empty();
    }
    long batch = measures.batchOf(reached) - random.nextInt(3);
    trace.note("CLOSE batch " + batch);
    for (int shard = 0; shard < shards.size(); shard++) {
      channels.get(measures.partitions()).get(shard).add(ShardMessage.closeUpTo(shard, batch));
    }
    return OptionalLong.of(batch);
  }

  private void deliver() {
    ArrayDeque<ShardMessage> channel =
        channels.get(random.nextInt(channels.size())).get(random.nextInt(shards.size()));
    for (int i = random.nextInt(8); i >= 0 && !channel.isEmpty(); i--) {
      shards.take(channel.remove());
    }
  }

  private void advanceFrontier() {
    long frontier = Long.MAX_VALUE;
    for (int partition = 0; partition < measures.partitions(); partition++) {
      if (!idle[partition]) {
        frontier = Math.min(frontier, reached(partition));
      }
    }
    if (frontier == Long.MAX_VALUE || frontier == Micros.UNKNOWN) {
      return;
    }
    shards.advanceFrontier(frontier);
  }

  /** Delivers all messages before the barrier, then copies every shard. */
  Cut checkpoint() {
    sendProgress();
    boolean any = true;
    while (any) {
      any = false;
      for (int i = 0; i < 8 * measures.partitions() * shards.size(); i++) {
        deliver();
      }
      for (List<ArrayDeque<ShardMessage>> toShards : channels) {
        any |= toShards.stream().anyMatch(channel -> !channel.isEmpty());
      }
    }
    shards.sealMostClosed();
    shards.flush(positions);
    trace.note("CHECKPOINT at " + Arrays.toString(positions));
    Invariants.invariant2ReceivedIsAdmittedPlusDuplicatePlusRejected(
        read(positions), shards.outcomes(), counted());
    return shards.cut(Arrays.stream(positions).boxed().toList(), copy(received));
  }

  /** Seals everything, as a drain does. */
  void drain() {
    shards.drain();
  }

  private List<SimulatedMessage> read(int[] to) {
    List<SimulatedMessage> read = new ArrayList<>();
    for (int partition = 0; partition < to.length; partition++) {
      read.addAll(topic.partition(partition).subList(0, to[partition]));
    }
    return read;
  }

  /** The counts so far. */
  Tally counted() {
    Tally all = copy(received);
    shards.addTo(all);
    return all;
  }

  /** The last batch that every shard has closed; empty where there is none. */
  OptionalLong closedUpTo() {
    return shards.closedUpTo();
  }

  Map<SimulatedMessage, Admission> outcomes() {
    return shards.outcomes();
  }

  boolean hasReadAll() {
    stalled = -1;
    for (int partition = 0; partition < positions.length; partition++) {
      if (positions[partition] < topic.partition(partition).size()) {
        return false;
      }
    }
    return true;
  }
}
