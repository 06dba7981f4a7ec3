package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Admission;
import io.nova.shard.Decision;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.ShardState;
import io.nova.shard.fingerprint.ColdCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The job without Flink: partitions that are read at their own pace, ordered channels, real shards
 * on several subtasks, aligned checkpoints. Each decision is compared with the oracle of its shard.
 *
 * <p>Progress goes through the same channels as the events. Watermarks are ahead of what Flink
 * would send, since they must have no effect on decisions.
 */
final class SimulatedJob {
  private static final long[] CACHE_BYTES = {1, 300, 1 << 20};

  private final Measures measures;
  private final Topic topic;
  private final Random random;
  private final Trace trace;
  private final Sealed sealed;

  private int[] positions;
  private boolean[] idle;
  private int stalled = -1;
  private long[] sentInterval;
  private Tally received;

  /** To each shard, from each partition, and at the end those that closes take. */
  private List<List<ArrayDeque<ShardMessage>>> channels;

  private List<HeapShardState> states;
  private List<Shard> shards;
  private List<Oracle> oracles;
  private final TreeSet<Integer> unsaid = new TreeSet<>();
  private int subtasks;
  private Map<SimulatedMessage, Admission> outcomes;

  /** Takes the blocks that one subtask seals of one interval. */
  interface Sealed {
    void blocks(long interval, List<SealedBlock> blocks);

    /** Takes a shard's word that its blocks up to a batch are sealed. */
    default void upTo(int shard, long batch) {}
  }

  /** The content of a checkpoint, and the oracles at that moment. */
  record Cut(
      List<Integer> positions,
      Tally received,
      List<HeapShardState> states,
      List<Oracle> oracles,
      Map<SimulatedMessage, Admission> outcomes) {}

  SimulatedJob(Measures measures, Topic topic, Random random, Trace trace, Sealed sealed) {
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
    states = new ArrayList<>(cut.states().stream().map(HeapShardState::copy).toList());
    oracles = cut.oracles().stream().map(Oracle::copy).toList();
    outcomes = new HashMap<>(cut.outcomes());
    if (forgetful) {
      forget();
    }
    channels = new ArrayList<>();
    for (int source = 0; source <= measures.partitions(); source++) {
      List<ArrayDeque<ShardMessage>> toShards = new ArrayList<>();
      states.forEach(state -> toShards.add(new ArrayDeque<>()));
      channels.add(toShards);
    }
    spread();
    trace.note("START at " + Arrays.toString(positions) + ", subtasks " + subtasks);
  }

  /** Leaves batches to the batch layer, after a start from before their close. */
  void handOff(List<SimulatedTag> tags) {
    for (int number = 0; number < shards.size(); number++) {
      int shard = number;
      shards.get(shard).handOff(tags.stream().map(tag -> tag.of(shard, measures)).toList());
      oracles.get(shard).handOff(shard, tags);
      unsaid.add(shard);
    }
    tags.forEach(tag -> trace.note("HAND OFF batch " + tag.batch()));
  }

  private void spread() {
    subtasks = 1 + random.nextInt(states.size());
    List<ColdCache> caches = new ArrayList<>();
    for (int i = 0; i < subtasks; i++) {
      caches.add(new ColdCache(CACHE_BYTES[random.nextInt(CACHE_BYTES.length)]));
    }
    shards = new ArrayList<>();
    for (int shard = 0; shard < states.size(); shard++) {
      shards.add(
          new Shard(shard, measures.rules(), states.get(shard), caches.get(shard % subtasks)));
    }
    unsaid.clear();
    shards.stream()
        .filter(shard -> shard.closedBelow() != Micros.UNKNOWN)
        .forEach(shard -> unsaid.add(shards.indexOf(shard)));
  }

  private void forget() {
    for (int shard = 0; shard < states.size(); shard++) {
      for (long interval : intervals(states.get(shard))) {
        if (random.nextInt(3) == 0) {
          states.get(shard).forgetCold(interval);
          oracles.get(shard).forgot(interval);
          trace.note("FORGOT shard " + shard + " block " + interval);
        }
      }
    }
  }

  private static List<Long> intervals(HeapShardState state) {
    return state.coldPages().stream().map(ShardState.PageId::interval).distinct().sorted().toList();
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
      sealEarly();
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
    SimulatedMessage message = topic.partition(partition).get(positions[partition]++);
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
      deliver(channel.remove());
    }
  }

  private void deliver(ShardMessage message) {
    if (message.event != null) {
      offer(message.shard, message.event);
    } else if (message.closeUpTo != null) {
      close(message.shard, message.closeUpTo);
    } else {
      int partition = message.progress.partition;
      long micros = message.progress.uploadMicros;
      shards.get(message.shard).advancePartition(partition, micros, measures.everyPartition());
      oracles.get(message.shard).advance(partition, micros);
    }
  }

  private void close(int number, long batch) {
    Shard shard = shards.get(number);
    shard.closeBelow((batch + 1) * measures.batchBlocks());
    oracles.get(number).closeUpTo(batch);
    unsaid.add(number);
    if (random.nextBoolean()) {
      sealClosed(number);
    }
  }

  /** Seals a shard's blocks of closed batches, and then says so. */
  private void sealClosed(int number) {
    Shard shard = shards.get(number);
    shard
        .closedIntervals()
        .forEach(interval -> sealed.blocks(interval, List.of(seal(number, interval))));
    sealed.upTo(number, shard.closedBelow() / measures.batchBlocks() - 1);
    unsaid.remove(number);
  }

  private void offer(int number, Offer event) {
    SimulatedMessage message = topic.partition(event.partition).get((int) event.offset);
    Shard shard = shards.get(number);
    Oracle oracle = oracles.get(number);
    Admission expected = oracle.decide(message);
    Decision decision = shard.offer(offer(message, event));
    Admission actual = decision.admission();
    mustHaveMet(message, decision, oracle);
    trace.note(actual + " " + message + " by shard " + number);
    Invariants.invariant1AdmittedOnlyWhileEveryPlaceIsKnown(measures, oracle, message, actual);
    Invariants.invariant3DecisionIsTheOracles(message, actual, expected);
    count(shard.tally(), event.app, actual);
    outcomes.put(message, actual);
    if (actual.admitted()) {
      oracle.admitted(message);
    }
  }

  /** The event under its app's policy. */
  private static Offer offer(SimulatedMessage message, Offer event) {
    Offer offer =
        Offer.of(event.high, event.low, event.uploadMicros, event.row, message.windowBlocks());
    offer.partition = event.partition;
    offer.offset = event.offset;
    offer.conflict = message.rule();
    offer.progressMicros = message.progressMicros();
    return message.tracked() ? offer.tracking(event.payload, message.rule()) : offer;
  }

  /** Checks that a decision names an admitted copy, and its kind. */
  private static void mustHaveMet(SimulatedMessage message, Decision decision, Oracle oracle) {
    boolean names =
        switch (decision.admission()) {
          case DUPLICATE, CONFLICTING, ADMITTED_BESIDE -> true;
          case ADMITTED, TOO_LATE, UNKNOWN, BATCH_CLOSED, HANDED_OFF -> false;
        };
    if (decision.copy().isPresent() != names
        || !decision.copy().map(met -> oracle.hasMet(message, met)).orElse(true)) {
      throw new AssertionError("ledger: " + message + " has not met " + decision);
    }
  }

  private static void count(Tally tally, String app, Admission outcome) {
    switch (outcome) {
      case ADMITTED, ADMITTED_BESIDE -> tally.of(app).admitted++;
      case DUPLICATE -> tally.of(app).duplicates++;
      case CONFLICTING -> tally.rejected(app, RejectReason.CONFLICTING);
      case TOO_LATE -> tally.rejected(app, RejectReason.TOO_LATE);
      case UNKNOWN -> tally.rejected(app, RejectReason.UNKNOWN);
      case BATCH_CLOSED -> tally.rejected(app, RejectReason.BATCH_CLOSED);
      case HANDED_OFF -> tally.rejected(app, RejectReason.HANDED_OFF);
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
    for (Shard shard : shards) {
      shard.advanceFrontier(frontier);
    }
    seal(1);
  }

  /** Spills and seals blocks early, as memory pressure does. */
  private void sealEarly() {
    shards.forEach(Shard::spill);
    seal(0.1);
  }

  private void seal(double share) {
    for (int subtask = 0; subtask < subtasks; subtask++) {
      TreeMap<Long, List<SealedBlock>> blocks = new TreeMap<>();
      for (int number = subtask; number < shards.size(); number += subtasks) {
        Shard shard = shards.get(number);
        for (long interval : share < 1 ? shard.openIntervals() : shard.due(machineTime())) {
          if (random.nextDouble() < share) {
            blocks.computeIfAbsent(interval, i -> new ArrayList<>()).add(seal(number, interval));
          }
        }
      }
      blocks.forEach(sealed::blocks);
    }
  }

  /** Machine time stands still mostly, and is over all of a sudden. It must decide nothing. */
  private long machineTime() {
    return random.nextInt(6) == 0 ? Long.MAX_VALUE / 2 : 0;
  }

  private SealedBlock seal(int number, long interval) {
    long before = shards.get(number).sequence();
    SealedBlock block = shards.get(number).seal(interval);
    trace.note("SEAL shard " + number + " block " + interval + " as " + block.sequence());
    if (block.sequence() != before + 1) {
      throw new AssertionError("a sealed block must get the next sequence: " + block.sequence());
    }
    List<Rows.Row> rows = new Rows(topic).of(block);
    if (rows.size() != block.rows()
        || rows.stream().anyMatch(row -> row.message().interval() != interval)) {
      throw new AssertionError("a sealed block must hold its own rows: " + interval);
    }
    rows.forEach(row -> oracles.get(number).sealed(row.message()));
    return block;
  }

  /** A committer must not rely on it that all shards seal before the same barrier. */
  private void sealMostClosed() {
    for (int number : List.copyOf(unsaid)) {
      if (random.nextBoolean()) {
        sealClosed(number);
      }
    }
  }

  /** Seals everything, as a drain does. */
  void drain() {
    seal(0.999999);
    seal(0.999999);
    List.copyOf(unsaid).forEach(this::sealClosed);
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
    sealMostClosed();
    for (Shard shard : shards) {
      for (int partition = 0; partition < positions.length; partition++) {
        shard.readTo().read(partition, positions[partition] - 1L);
      }
      shard.flush();
    }
    oracles.forEach(Oracle::checkpointed);
    trace.note("CHECKPOINT at " + Arrays.toString(positions));
    Invariants.invariant2ReceivedIsAdmittedPlusDuplicatePlusRejected(
        read(positions), outcomes, tally());
    return new Cut(
        Arrays.stream(positions).boxed().toList(),
        copy(received),
        states.stream().map(HeapShardState::copy).toList(),
        oracles.stream().map(Oracle::copy).toList(),
        new HashMap<>(outcomes));
  }

  private List<SimulatedMessage> read(int[] to) {
    List<SimulatedMessage> read = new ArrayList<>();
    for (int partition = 0; partition < to.length; partition++) {
      read.addAll(topic.partition(partition).subList(0, to[partition]));
    }
    return read;
  }

  private Tally tally() {
    Tally all = copy(received);
    shards.forEach(shard -> all.add(shard.tally()));
    return all;
  }

  /** The counts so far. */
  Tally counted() {
    return tally();
  }

  /** The last batch that every shard has closed; empty where there is none. */
  OptionalLong closedUpTo() {
    long closedBelow = shards.stream().mapToLong(Shard::closedBelow).min().orElseThrow();
    return closedBelow == Micros.UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(Math.floorDiv(closedBelow, measures.batchBlocks()) - 1);
  }

  /** The last sequence of each shard. */
  List<Long> sequences() {
    return shards.stream().map(Shard::sequence).toList();
  }

  Map<SimulatedMessage, Admission> outcomes() {
    return outcomes;
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
