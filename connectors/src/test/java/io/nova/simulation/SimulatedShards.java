package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.iceberg.commit.LastWindows;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Admission;
import io.nova.shard.Decision;
import io.nova.shard.HandedOffBatch;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.ShardState;
import io.nova.shard.fingerprint.ColdCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The real shards of a simulated run on several subtasks, with an oracle for each. Each decision is
 * compared with the oracle's.
 */
final class SimulatedShards {
  private static final long[] CACHE_BYTES = {1, 300, 1 << 20};

  private final Measures measures;
  private final Topic topic;
  private final Random random;
  private final Trace trace;
  private final Sealed sealed;
  private final List<HeapShardState> states;
  private final List<Shard> shards = new ArrayList<>();
  private final List<Oracle> oracles;
  private final Map<SimulatedMessage, Admission> outcomes;
  private final TreeSet<Integer> unsaid = new TreeSet<>();
  private final int subtasks;

  /** Takes the blocks that one subtask seals of one interval. */
  interface Sealed {
    void blocks(long interval, List<SealedBlock> blocks);

    /** Takes a shard's word that its blocks up to a batch are sealed. */
    default void upTo(int shard, long batch) {}
  }

  /**
   * The shards of a cut, with another parallelism.
   *
   * @param forgetful whether the TTL has removed fingerprints
   */
  SimulatedShards(
      Measures measures,
      Topic topic,
      Random random,
      Trace trace,
      Sealed sealed,
      SimulatedJob.Cut cut,
      boolean forgetful) {
    this.measures = measures;
    this.topic = topic;
    this.random = random;
    this.trace = trace;
    this.sealed = sealed;
    states = cut.states().stream().map(HeapShardState::copy).toList();
    oracles = cut.oracles().stream().map(Oracle::copy).toList();
    outcomes = new HashMap<>(cut.outcomes());
    if (forgetful) {
      forget();
    }
    subtasks = 1 + random.nextInt(states.size());
    List<ColdCache> caches = new ArrayList<>();
    for (int i = 0; i < subtasks; i++) {
      caches.add(new ColdCache(CACHE_BYTES[random.nextInt(CACHE_BYTES.length)]));
    }
    for (int shard = 0; shard < states.size(); shard++) {
      shards.add(
          new Shard(shard, measures.rules(), states.get(shard), caches.get(shard % subtasks)));
    }
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

  /** Leaves batches to the batch layer, after a start from before their close. */
  void handOff(List<SimulatedTag> tags) {
    for (int number = 0; number < shards.size(); number++) {
      int shard = number;
      shards.get(shard).handOff(tags.stream().map(tag -> tag.of(shard, measures)).toList());
      oracles.get(shard).handOff(shard, tags, Long.MIN_VALUE);
      unsaid.add(shard);
    }
    tags.forEach(tag -> trace.note("HAND OFF batch " + tag.batch()));
  }

  /**
   * Leaves batches to the batch layer as a job does: each shard loads those it has not closed.
   *
   * @param dropped whether tags of earlier batches may be gone
   */
  void handOff(List<SimulatedTag> tags, LastWindows windows, boolean dropped) {
    for (int number = 0; number < shards.size(); number++) {
      Shard shard = shards.get(number);
      List<SimulatedTag> open =
          tags.stream().filter(tag -> tag.end() > shard.closedBelow()).toList();
      List<HandedOffBatch> left = windows.of(number, shard.closedBelow());
      if (!left.stream().map(HandedOffBatch::below).toList().equals(ends(open))) {
        throw new AssertionError(
            "invariant 5: shard %d leaves %s, expected %s".formatted(number, left, open));
      }
      if (!open.isEmpty()) {
        shard.handOff(left);
        long first = open.get(0).end() - measures.batchBlocks();
        oracles.get(number).handOff(number, open, dropped ? first : Long.MIN_VALUE);
        unsaid.add(number);
      }
    }
    tags.forEach(tag -> trace.note("HAND OFF batch " + tag.batch()));
  }

  private static List<Long> ends(List<SimulatedTag> tags) {
    return tags.stream().map(SimulatedTag::end).toList();
  }

  int size() {
    return shards.size();
  }

  /** Takes a message that a channel delivers. */
  void take(ShardMessage message) {
    if (message.event != null) {
      offer(message.shard, message.event);
    } else if (message.closeUpTo != null) {
      close(message.shard, message.closeUpTo);
    } else {
      PartitionProgress progress = message.progress;
      shards
          .get(message.shard)
          .advancePartition(progress.partition, progress.uploadMicros, measures.everyPartition());
      oracles.get(message.shard).advance(progress.partition, progress.uploadMicros);
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
    SimulatedMessage message = topic.at(event.partition, event.offset, event.index);
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
    offer.index = event.index;
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

  /** Advances the frontier of all shards, and seals what it has passed. */
  void advanceFrontier(long micros) {
    shards.forEach(shard -> shard.advanceFrontier(micros));
    seal(1);
  }

  /** Spills and seals blocks early, as memory pressure does. */
  void sealEarly() {
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
  void sealMostClosed() {
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

  /** Writes everything to state, as a checkpoint does. */
  void flush(int[] positions) {
    for (Shard shard : shards) {
      for (int partition = 0; partition < positions.length; partition++) {
        shard.readTo().read(partition, topic.offset(partition, positions[partition]) - 1);
      }
      shard.flush();
    }
    oracles.forEach(Oracle::checkpointed);
  }

  /** The content of a checkpoint that was flushed. */
  SimulatedJob.Cut cut(List<Integer> positions, Tally received) {
    return new SimulatedJob.Cut(
        positions,
        received,
        states.stream().map(HeapShardState::copy).toList(),
        oracles.stream().map(Oracle::copy).toList(),
        new HashMap<>(outcomes));
  }

  /** Adds what became of the events to a tally. */
  void addTo(Tally tally) {
    shards.forEach(shard -> tally.add(shard.tally()));
  }

  /** The last batch that every shard has closed; empty where there is none. */
  OptionalLong closedUpTo() {
    long closedBelow = shards.stream().mapToLong(Shard::closedBelow).min().orElseThrow();
    return closedBelow == Micros.UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(Math.floorDiv(closedBelow, measures.batchBlocks()) - 1);
  }

  Map<SimulatedMessage, Admission> outcomes() {
    return outcomes;
  }
}
