package io.nova.block;

import io.nova.event.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard: decides on every event whose identity falls to it, and holds the blocks of those that
 * it admitted until they are sealed.
 *
 * <p>An event is a duplicate if an admitted event of the same identity lies in a block at most
 * {@link BlockRules#windowBlocks()} away, before or after. It is admitted only while all these
 * blocks are known: the open ones by their sets, the sealed ones by their packed fingerprints,
 * which stay one dedup window longer than any event that may still ask for them.
 *
 * <p>No clock of a machine has a part in it. What is too late follows the slowest Kafka partition;
 * when blocks are sealed follows the frontier, and decides nothing.
 *
 * <p>Not thread safe: belongs to the task thread.
 */
public final class Shard {
  /** A time or an interval that is not known yet. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private final int number;
  private final BlockRules rules;
  private final ShardState state;
  private final ColdFingerprints cold;
  private final TreeMap<Long, OpenBlock> open = new TreeMap<>();
  private final Map<Integer, Long> progressMicros = new HashMap<>();
  private final Tally tally = new Tally();
  private final @Nullable OpenBlock[] near;
  private boolean nearSealed;
  private long nearInterval = NO_TIME;
  private long frontierMicros = NO_TIME;
  private long sequence;
  private long floor = NO_TIME;

  /** A shard as its state has it; a new one where the state is empty. */
  public Shard(int number, BlockRules rules, ShardState state, ColdCache cache) {
    this.number = number;
    this.rules = rules;
    this.state = state;
    this.cold = new ColdFingerprints(number, state, cache.fingerprints());
    this.near = new OpenBlock[2 * rules.windowBlocks() + 1];
    byte[] header = state.header();
    if (header != null) {
      restore(ShardHeader.read(header));
    }
  }

  private void restore(ShardHeader header) {
    frontierMicros = header.frontierMicros();
    sequence = header.sequence();
    floor = header.floor();
    progressMicros.putAll(header.progressMicros());
    tally.add(header.tally());
    Map<Long, TreeMap<Integer, byte[]>> log = new TreeMap<>();
    state.segments(
        (id, stored) ->
            log.computeIfAbsent(id.interval(), i -> new TreeMap<>()).put(id.number(), stored));
    log.forEach(
        (interval, segments) ->
            open.put(interval, OpenBlock.restore(interval, evictAt(interval), segments)));
  }

  /**
   * Decides on an event, and keeps it if it is admitted.
   *
   * @param row its bytes; not copied until the call returns, not kept after it
   */
  public Admission offer(long high, long low, long uploadMicros, byte[] row) {
    long interval = rules.intervalOf(uploadMicros);
    if (floor != NO_TIME && interval < floor) {
      return Admission.TOO_LATE;
    }
    if (isInOpenBlock(interval, high, low)) {
      return Admission.DUPLICATE;
    }
    return switch (inSealedBlock(interval, high, low)) {
      case PRESENT -> Admission.DUPLICATE;
      case UNKNOWN -> Admission.UNKNOWN;
      case ABSENT -> {
        block(interval).add(high, low, row, state);
        yield Admission.ADMITTED;
      }
    };
  }

  private boolean isInOpenBlock(long interval, long high, long low) {
    if (interval != nearInterval) {
      lookAround(interval);
    }
    for (OpenBlock block : near) {
      if (block != null && block.contains(high, low)) {
        return true;
      }
    }
    return false;
  }

  private void lookAround(long interval) {
    for (int i = 0; i < near.length; i++) {
      near[i] = open.get(interval - rules.windowBlocks() + i);
    }
    nearSealed = cold.anyWithin(interval - rules.windowBlocks(), interval + rules.windowBlocks());
    nearInterval = interval;
  }

  /** Follows {@link #isInOpenBlock}, which has looked around. */
  private ColdFingerprints.Answer inSealedBlock(long interval, long high, long low) {
    return nearSealed
        ? cold.find(interval - rules.windowBlocks(), interval + rules.windowBlocks(), high, low)
        : ColdFingerprints.Answer.ABSENT;
  }

  private OpenBlock block(long interval) {
    OpenBlock there = near[rules.windowBlocks()];
    if (there != null) {
      return there;
    }
    OpenBlock opened = new OpenBlock(interval, evictAt(interval));
    open.put(interval, opened);
    near[rules.windowBlocks()] = opened;
    return opened;
  }

  /** A late part of a block stays open for as long as a block in time does. */
  private long evictAt(long interval) {
    return Math.max(rules.endMicros(interval), frontierMicros) + rules.windowMicros();
  }

  /** Notes how far upload time has progressed here. Decides only when blocks are sealed. */
  public void advanceFrontier(long micros) {
    frontierMicros = Math.max(frontierMicros, micros);
  }

  /**
   * Notes how far a Kafka partition has come, and forgets what no event may ask for any more.
   *
   * @param expected all partitions that count, whether they have been heard of or not
   */
  public void advancePartition(int partition, long uploadMicros, Set<Integer> expected) {
    Long before = progressMicros.get(partition);
    if (before != null && before >= uploadMicros) {
      return;
    }
    progressMicros.put(partition, uploadMicros);
    long slowest = slowestPartition(expected);
    if (slowest == NO_TIME) {
      return;
    }
    long raised = rules.intervalOf(slowest) - rules.horizonBlocks();
    if (raised > floor) {
      floor = raised;
      cold.removeBelow(floor - rules.windowBlocks());
    }
  }

  private long slowestPartition(Set<Integer> expected) {
    long slowest = Long.MAX_VALUE;
    for (int partition : expected) {
      slowest = Math.min(slowest, progressMicros.getOrDefault(partition, NO_TIME));
    }
    return slowest == Long.MAX_VALUE ? NO_TIME : slowest;
  }

  /** The intervals of open blocks whose time to leave has come, oldest first. */
  public List<Long> due() {
    List<Long> due = new ArrayList<>();
    for (OpenBlock block : open.values()) {
      if (block.evictAtMicros() <= frontierMicros) {
        due.add(block.interval());
      }
    }
    return due;
  }

  /** The intervals of all open blocks, oldest first. */
  public List<Long> openIntervals() {
    return List.copyOf(open.keySet());
  }

  /** Seals an open block: its rows leave, its fingerprints stay. */
  public SealedBlock seal(long interval) {
    OpenBlock block = open.remove(interval);
    if (block == null) {
      throw new IllegalStateException(
          "Shard " + number + ": block " + interval + " is not open, so it cannot be sealed");
    }
    nearInterval = NO_TIME;
    cold.add(interval, block.fingerprints());
    block.removeFrom(state);
    sequence++;
    return new SealedBlock(
        number, interval, sequence, block.fingerprints().size(), block.segments());
  }

  /** Brings the state up to date, before a checkpoint. */
  public void flush() {
    open.values().forEach(block -> block.flush(state));
    state.putHeader(
        new ShardHeader(ShardHeader.VERSION, frontierMicros, sequence, floor, progressMicros, tally)
            .write());
  }

  /** What became of the events offered; counted by the caller. */
  public Tally tally() {
    return tally;
  }

  /** The sequence of the last sealed block, 0 before any. */
  public long sequence() {
    return sequence;
  }

  /** How far upload time has progressed, {@link #NO_TIME} before any. */
  public long frontierMicros() {
    return frontierMicros;
  }

  /** How many fingerprints of sealed blocks are kept. */
  public long coldSize() {
    return cold.size();
  }
}
