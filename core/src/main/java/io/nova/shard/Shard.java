package io.nova.shard;

import io.nova.event.Micros;
import io.nova.event.Tally;
import io.nova.event.row.RowMark;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.fingerprint.ColdFingerprints;
import io.nova.shard.fingerprint.CopySearch;
import io.nova.shard.log.SegmentView;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.NewestTimes;
import io.nova.shard.progress.ReadPositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard: decides on every event whose identity belongs to it, and keeps the blocks of admitted
 * events until they are sealed.
 *
 * <p>An event is a duplicate if an admitted event of the same identity is in a block within its
 * dedup window, before or after. It is admitted only while the fingerprints of all these blocks are
 * known. Fingerprints of sealed blocks are kept one largest window below the lateness limit.
 *
 * <p>An event gets the first outcome that applies: too late, handed off, duplicate or conflicting,
 * unknown, batch closed, admitted. So {@code batch_closed} says that the event is new.
 *
 * <p>No machine's clock and no read speed decides anything. What is too late follows the event's
 * own Kafka partition, and fingerprints leave with the slowest one. When blocks are sealed follows
 * the frontier, memory and machine time, and has no effect on decisions.
 *
 * <p>Not thread safe: belongs to the task thread.
 */
public final class Shard {
  /** The number of cached windows: events are out of order by a few blocks. A power of two. */
  private static final int NEAR = 8;

  /** An interval before all others. */
  private static final long BEFORE_ALL = Long.MIN_VALUE / 2;

  private final int number;
  private final BlockRules rules;
  private final ShardState state;
  private final ColdFingerprints cold;
  private final TreeMap<Long, OpenBlock> open = new TreeMap<>();
  private final Floor floor;
  private final ForgottenIntervals forgotten;
  private final Tally tally = new Tally();
  private final ReadPositions readTo = new ReadPositions();
  private final CopySearch search = new CopySearch();
  private final @Nullable WindowBlocks[] near = new WindowBlocks[NEAR];
  private NewestTimes newest = new NewestTimes();
  private Ancestry ancestry = Ancestry.NONE;
  private long frontierMicros = Micros.UNKNOWN;
  private long closedBelow = Micros.UNKNOWN;
  private final ClosingOffsets closingOffsets = new ClosingOffsets();
  private long sequence;

  /** A shard as its state has it; a new one where the state is empty. Its rows may be any bytes. */
  public Shard(int number, BlockRules rules, ShardState state, ColdCache cache) {
    this(number, rules, state, cache, Long.MAX_VALUE);
  }

  /**
   * A shard as its state has it, whose progress and frontier may have followed a wrong clock.
   *
   * @param notAfterMicros the greatest progress and frontier that are restored, microseconds since
   *     1970
   */
  public Shard(
      int number, BlockRules rules, ShardState state, ColdCache cache, long notAfterMicros) {
    this.number = number;
    this.rules = rules;
    this.state = state;
    this.floor = new Floor(rules);
    this.forgotten = new ForgottenIntervals(rules.largestWindowBlocks());
    this.cold = new ColdFingerprints(number, state, cache.fingerprints());
    byte[] header = state.header();
    if (header != null) {
      restore(ShardHeader.read(header).notAfter(notAfterMicros, rules));
    }
  }

  private void restore(ShardHeader header) {
    frontierMicros = header.frontierMicros();
    sequence = header.sequence();
    closedBelow = header.closedBelow();
    closingOffsets.addAll(header.closingOffsets());
    floor.restore(header);
    forgotten.restore(header.forgotten());
    tally.add(header.tally());
    readTo.readAll(header.readTo());
    newest = NewestTimes.of(header.newest());
    ancestry = header.ancestry();
    Map<Long, TreeMap<Integer, byte[]>> log = new TreeMap<>();
    state.segments(
        (id, stored) ->
            log.computeIfAbsent(id.interval(), i -> new TreeMap<>()).put(id.number(), stored));
    log.forEach(
        (interval, segments) ->
            open.put(interval, OpenBlock.restore(interval, evictAt(interval), segments)));
  }

  /** Decides on an event with the rules' own window, whose payload is not tracked. */
  public Decision offer(long high, long low, long uploadMicros, byte[] row) {
    return offer(Offer.of(high, low, uploadMicros, row, rules.windowBlocks()));
  }

  /** Decides on an event, and stores it if it is admitted. */
  public Decision offer(Offer offer) {
    long interval = rules.intervalOf(offer.uploadMicros);
    if (isTooLate(interval, offer.progressMicros)) {
      return Decision.TOO_LATE;
    }
    if (isHandedOff(interval, offer)) {
      return Decision.HANDED_OFF;
    }
    WindowBlocks around = around(interval, offer.windowBlocks);
    boolean known = around.look(search.begin(offer.high, offer.low, offer.tracked, offer.payload));
    if (search.found()) {
      return besideCopy(around, offer, known);
    }
    if (!known) {
      return Decision.UNKNOWN;
    }
    if (interval < closedBelow) {
      return Decision.BATCH_CLOSED;
    }
    block(around).add(search, offer.row, state);
    return Decision.ADMITTED;
  }

  private boolean isTooLate(long interval, long progressMicros) {
    return progressMicros != Micros.UNKNOWN && interval < rules.tooLateBelow(progressMicros);
  }

  /**
   * Whether the batch layer answers for an event. A later batch may have an earlier copy of an
   * event in the last window, and is decided anew. So there the tag must hold the identity.
   */
  private boolean isHandedOff(long interval, Offer offer) {
    OptionalLong end = closingOffsets.endOfBatchWith(interval, offer.partition, offer.offset);
    if (end.isEmpty()) {
      return false;
    }
    long last = end.getAsLong() - 1;
    if (interval + offer.windowBlocks <= last) {
      return true;
    }
    search.begin(offer.high, offer.low, offer.tracked, offer.payload);
    cold.range(interval - offer.windowBlocks, last).look(search);
    return search.found();
  }

  private Decision besideCopy(WindowBlocks around, Offer offer, boolean known) {
    boolean payloadsKnown = known;
    if (search.kind() == CopyKind.CONFLICTING) {
      payloadsKnown &= around.look(search.forPayload());
    }
    Admission admission =
        search.kind() == CopyKind.CONFLICTING
            ? conflicting(around, offer, payloadsKnown)
            : Admission.DUPLICATE;
    return switch (admission) {
      case UNKNOWN -> Decision.UNKNOWN;
      case BATCH_CLOSED -> Decision.BATCH_CLOSED;
      default -> Decision.of(admission, search.kind(), around.interval() - search.interval());
    };
  }

  private Admission conflicting(WindowBlocks around, Offer offer, boolean known) {
    return switch (offer.conflict) {
      case KEEP_FIRST -> Admission.DUPLICATE;
      case REJECT -> Admission.CONFLICTING;
      case KEEP_BOTH -> known ? admitBeside(around, offer) : Admission.UNKNOWN;
    };
  }

  private Admission admitBeside(WindowBlocks around, Offer offer) {
    if (around.interval() < closedBelow) {
      return Admission.BATCH_CLOSED;
    }
    block(around).add(search, RowMark.conflicting(offer.row), state);
    return Admission.ADMITTED_BESIDE;
  }

  private WindowBlocks around(long interval, int windowBlocks) {
    int place = (int) interval & NEAR - 1;
    WindowBlocks last = near[place];
    if (last != null && last.interval() == interval && last.windowBlocks() == windowBlocks) {
      return last;
    }
    long from = interval - windowBlocks;
    long to = interval + windowBlocks;
    WindowBlocks around =
        new WindowBlocks(
            interval,
            windowBlocks,
            open.get(interval),
            List.copyOf(open.subMap(from, true, to, true).values()),
            cold.range(from, to),
            !forgotten.anyOf(from, to));
    near[place] = around;
    return around;
  }

  private OpenBlock block(WindowBlocks around) {
    if (around.own() != null) {
      return around.own();
    }
    long interval = around.interval();
    OpenBlock opened = opened(interval);
    open.put(interval, opened);
    Arrays.fill(near, null);
    return opened;
  }

  /** Sized like the last block, unless it is a late part. */
  private OpenBlock opened(long interval) {
    Map.Entry<Long, OpenBlock> last = open.lastEntry();
    return last == null || last.getKey() > interval
        ? new OpenBlock(interval, evictAt(interval))
        : last.getValue().next(interval, evictAt(interval));
  }

  /** A late part stays open for as long as any other block. */
  private long evictAt(long interval) {
    return Math.max(rules.endMicros(interval), frontierMicros) + rules.lingerMicros();
  }

  /** Advances the frontier, which decides only when blocks are sealed. */
  public void advanceFrontier(long micros) {
    frontierMicros = Math.max(frontierMicros, micros);
  }

  /**
   * Notes the progress of a Kafka partition, and forgets fingerprints that no event needs any more.
   *
   * @param expected all partitions that count, those without progress included
   */
  public void advancePartition(int partition, long uploadMicros, Set<Integer> expected) {
    if (floor.advance(partition, uploadMicros, expected)) {
      cold.removeBelow(floor.neededFrom()).forEach(forgotten::add);
      Arrays.fill(near, null);
    }
  }

  /**
   * Closes the batches below an interval: from now on no new event of theirs is admitted. A copy
   * whose first copy is known stays a duplicate. A close never goes back.
   *
   * @param interval the first interval that stays open, counted since 1970
   */
  public void closeBelow(long interval) {
    closedBelow = Math.max(closedBelow, interval);
  }

  /**
   * Leaves batches to the batch layer, after a restore to before their close. Their rows and
   * fingerprints leave the shard; those of the last windows come in their place.
   *
   * <p>Replayed messages of these batches are handed off, and others find their batch closed.
   *
   * @param batches those that this shard had not closed, in any order
   */
  public void handOff(Collection<HandedOffBatch> batches) {
    long knownFrom =
        batches.stream().mapToLong(HandedOffBatch::knownFrom).max().orElse(Long.MIN_VALUE);
    batches.stream()
        .mapToLong(HandedOffBatch::below)
        .max()
        .ifPresent(below -> leaveBelow(below, knownFrom));
    for (HandedOffBatch batch : batches) {
      closingOffsets.addAll(Map.of(batch.below(), batch.offsets()));
      batch.lastWindow().forEach(cold::add);
    }
    Arrays.fill(near, null);
  }

  private void leaveBelow(long interval, long knownFrom) {
    long from = Math.max(closedBelow, BEFORE_ALL);
    NavigableMap<Long, OpenBlock> leaving = open.headMap(interval, false);
    leaving.values().forEach(block -> block.removeFrom(state));
    leaving.clear();
    cold.remove(from, interval);
    long known = Math.max(interval - rules.largestWindowBlocks(), knownFrom);
    if (from < known) {
      forgotten.add(from, known - 1);
    }
    closeBelow(interval);
  }

  /** The first interval that is not closed; {@link Micros#UNKNOWN} before any close. */
  public long closedBelow() {
    return closedBelow;
  }

  /** The intervals of open blocks whose batch is closed, oldest first. */
  public List<Long> closedIntervals() {
    return List.copyOf(open.headMap(closedBelow).keySet());
  }

  /** The progress of each Kafka partition, microseconds since 1970. */
  public Map<Integer, Long> progressMicros() {
    return Map.copyOf(floor.progressMicros());
  }

  /**
   * The intervals of open blocks that may be sealed, oldest first. The frontier has passed their
   * end, and then has gone on by the linger, or one interval and the linger of machine time are
   * over. So no block waits for a frontier that has followed a wrong clock.
   *
   * @param nowMs the machine's time, milliseconds since 1970
   */
  public List<Long> due(long nowMs) {
    List<Long> due = new ArrayList<>();
    for (OpenBlock block : open.values()) {
      if (block.evictAtMicros() <= frontierMicros || isLongPassed(block, nowMs)) {
        due.add(block.interval());
      }
    }
    return due;
  }

  private boolean isLongPassed(OpenBlock block, long nowMs) {
    return rules.endMicros(block.interval()) <= frontierMicros
        && nowMs - block.passedSinceMs(nowMs) >= rules.intervalAndLinger().toMillis();
  }

  /** The intervals of all open blocks, oldest first. */
  public List<Long> openIntervals() {
    return List.copyOf(open.keySet());
  }

  /**
   * Views of all open blocks, oldest first. Blocks that have not changed cost nothing. Any thread
   * may read the views.
   */
  public List<BlockView> openViews() {
    return open.values().stream().map(block -> block.view(number)).toList();
  }

  /** Seals an open block: its rows leave the shard, its fingerprints stay. */
  public SealedBlock seal(long interval) {
    OpenBlock block = open.remove(interval);
    if (block == null) {
      throw new IllegalStateException(
          "Shard %s: block %s is not open, so it cannot be sealed".formatted(number, interval));
    }
    Arrays.fill(near, null);
    List<SegmentView> segments = block.segments(state);
    cold.add(interval, block.fingerprints());
    block.removeFrom(state);
    sequence++;
    return new SealedBlock(number, interval, sequence, block.rows(), segments);
  }

  /** Removes rows from the heap that are in the log. */
  public void spill() {
    open.values().forEach(block -> block.spill(state));
  }

  /** Begins a period of use for {@link #dropUnusedIndexes}. */
  public void beginIndexUse() {
    cold.beginUse();
  }

  /**
   * Drops the indexes of sealed fingerprints that no event has used in this period. An event that
   * needs one has it rebuilt from state.
   */
  public void dropUnusedIndexes() {
    if (cold.dropUnused()) {
      Arrays.fill(near, null);
    }
  }

  /** The size of the indexes that were built since the last call, in bytes. */
  public long takeBuiltIndexBytes() {
    return cold.takeBuiltBytes();
  }

  /** Writes everything to state, before a checkpoint. */
  public void flush() {
    open.values().forEach(block -> block.flush(state));
    closingOffsets.removeRead(readTo);
    List<Long> expired = cold.removeExpired();
    expired.forEach(forgotten::add);
    if (!expired.isEmpty()) {
      Arrays.fill(near, null);
    }
    state.putHeader(
        new ShardHeader(
                ShardHeader.VERSION,
                frontierMicros,
                sequence,
                closedBelow,
                closingOffsets.asMap(),
                floor.interval(),
                forgotten.asMap(),
                floor.progressMicros(),
                readTo.asMap(),
                newest.entries(),
                ancestry,
                tally)
            .write());
  }

  /** The counts of events by outcome. The caller counts. */
  public Tally tally() {
    return tally;
  }

  /** The newest times of admitted events. The caller notes them. */
  public NewestTimes newest() {
    return newest;
  }

  /** How far the partitions have been read. The caller notes it before each checkpoint. */
  public ReadPositions readTo() {
    return readTo;
  }

  /** The lineage of its state's checkpoints. */
  public Ancestry ancestry() {
    return ancestry;
  }

  /** Sets the lineage, with the checkpoint that takes its state next at the end. */
  public void takenBy(Ancestry checkpoints) {
    ancestry = checkpoints;
  }

  /** The sequence of the last sealed block, 0 before any. */
  public long sequence() {
    return sequence;
  }

  /** The frontier; {@link Micros#UNKNOWN} before any. */
  public long frontierMicros() {
    return frontierMicros;
  }

  /** The number of fingerprints of sealed blocks. */
  public long coldSize() {
    return cold.size();
  }

  /** The heap that rows of open blocks take, in bytes. */
  public long rowBytes() {
    long bytes = 0;
    for (OpenBlock block : open.values()) {
      bytes += block.rowBytes();
    }
    return bytes;
  }

  /** The heap that fingerprints of open blocks, and indexes of sealed ones, take in bytes. */
  public long fingerprintBytes() {
    return openFingerprintBytes() + cold.heapBytes();
  }

  /** The heap that open blocks take, in bytes. Sealing frees it, except for the index. */
  public long openBytes() {
    return rowBytes() + openFingerprintBytes();
  }

  private long openFingerprintBytes() {
    long bytes = 0;
    for (OpenBlock block : open.values()) {
      bytes += block.fingerprintBytes();
    }
    return bytes;
  }
}
