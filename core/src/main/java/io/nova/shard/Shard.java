package io.nova.shard;

import io.nova.event.Tally;
import io.nova.event.row.RowMark;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.fingerprint.ColdFingerprints;
import io.nova.shard.fingerprint.CopySearch;
import io.nova.shard.fingerprint.Witness;
import io.nova.shard.log.SegmentView;
import io.nova.shard.log.WitnessReader;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.NewestTimes;
import io.nova.shard.progress.ReadPositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard: decides on every event whose identity falls to it, and holds the blocks of those that
 * it admitted until they are sealed.
 *
 * <p>An event is a duplicate if an admitted event of the same identity lies in a block at most its
 * dedup window away, before or after. It is admitted only while all these blocks are known: the
 * open ones by their sets, the sealed ones by their packed fingerprints, which stay one largest
 * window longer than any event that may still ask for them.
 *
 * <p>No clock of a machine has a part in it. What is too late follows the slowest Kafka partition;
 * when blocks are sealed follows the frontier, and memory, and decides nothing.
 *
 * <p>Not thread safe: belongs to the task thread.
 */
public final class Shard {
  /** A time or an interval that is not known yet. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** Neighbourhoods that are kept: events come out of order by a few blocks. A power of two. */
  private static final int NEAR = 8;

  private final int number;
  private final BlockRules rules;
  private final ShardState state;
  private final @Nullable WitnessReader reader;
  private final ColdFingerprints cold;
  private final TreeMap<Long, OpenBlock> open = new TreeMap<>();
  private final Floor floor;
  private final Tally tally = new Tally();
  private final ReadPositions readTo = new ReadPositions();
  private final CopySearch search = new CopySearch();
  private final @Nullable WindowBlocks[] near = new WindowBlocks[NEAR];
  private NewestTimes newest = new NewestTimes();
  private Ancestry ancestry = Ancestry.NONE;
  private @Nullable Witness met;
  private long frontierMicros = NO_TIME;
  private long sequence;

  /**
   * A shard as its state has it; a new one where the state is empty. Its rows may be any bytes:
   * what is remembered of them stands beside them in the log.
   */
  public Shard(int number, BlockRules rules, ShardState state, ColdCache cache) {
    this(number, rules, state, cache, null);
  }

  /**
   * A shard as its state has it; a new one where the state is empty.
   *
   * @param reader reads out of a row the very witness that it is offered with; null where rows do
   *     not have it
   */
  public Shard(
      int number,
      BlockRules rules,
      ShardState state,
      ColdCache cache,
      @Nullable WitnessReader reader) {
    this.number = number;
    this.rules = rules;
    this.state = state;
    this.reader = reader;
    this.floor = new Floor(rules);
    this.cold = new ColdFingerprints(number, state, cache.fingerprints());
    byte[] header = state.header();
    if (header != null) {
      restore(ShardHeader.read(header));
    }
  }

  private void restore(ShardHeader header) {
    frontierMicros = header.frontierMicros();
    sequence = header.sequence();
    floor.restore(header);
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
            open.put(interval, OpenBlock.restore(interval, evictAt(interval), reader, segments)));
  }

  /** Decides on an event with the rules' own window, of which nothing more is remembered. */
  public Admission offer(long high, long low, long uploadMicros, byte[] row) {
    return offer(Offer.of(high, low, uploadMicros, row, rules.windowBlocks()));
  }

  /** Decides on an event, and keeps it if it is admitted. */
  public Admission offer(Offer offer) {
    met = null;
    long interval = rules.intervalOf(offer.uploadMicros());
    if (floor.isAbove(interval)) {
      return Admission.TOO_LATE;
    }
    WindowBlocks around = around(interval, offer.windowBlocks());
    boolean known = around.look(search.of(offer.high(), offer.low(), offer.witness()));
    met = search.met();
    if (search.found()) {
      return search.conflicting() ? conflicting(around, offer, known) : Admission.DUPLICATE;
    }
    if (!known) {
      return Admission.UNKNOWN;
    }
    block(around).add(offer.high(), offer.low(), offer.witness(), offer.row(), state);
    return Admission.ADMITTED;
  }

  private Admission conflicting(WindowBlocks around, Offer offer, boolean known) {
    return switch (offer.rule()) {
      case KEEP_FIRST -> Admission.DUPLICATE;
      case REJECT -> Admission.CONFLICTING;
      case KEEP_BOTH -> known ? beside(around, offer) : Admission.UNKNOWN;
    };
  }

  private Admission beside(WindowBlocks around, Offer offer) {
    byte[] row = RowMark.conflicting(offer.row());
    block(around).add(offer.high(), offer.low(), offer.witness(), row, state);
    return Admission.ADMITTED_BESIDE;
  }

  /**
   * What is remembered of the admitted copy that the last duplicate or conflicting event met; null
   * for nothing.
   */
  public @Nullable Witness met() {
    return met;
  }

  /** Whether the last duplicate met only copies with another payload. */
  public boolean metConflicting() {
    return search.conflicting();
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
            from >= floor.forgottenBelow());
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

  /** Like the last block, where this is the next; of a late part nothing is known. */
  private OpenBlock opened(long interval) {
    Map.Entry<Long, OpenBlock> last = open.lastEntry();
    return last == null || last.getKey() > interval
        ? new OpenBlock(interval, evictAt(interval), reader)
        : last.getValue().next(interval, evictAt(interval));
  }

  /** A late part of a block stays open for as long as a block in time does. */
  private long evictAt(long interval) {
    return Math.max(rules.endMicros(interval), frontierMicros) + rules.lingerMicros();
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
    if (floor.advance(partition, uploadMicros, expected)) {
      cold.removeBelow(floor.forgottenBelow());
      Arrays.fill(near, null);
    }
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

  /**
   * Pictures of all open blocks, oldest first. Cheap where little has changed since the last call;
   * what it returns may be read by any thread.
   */
  public List<BlockView> openViews() {
    return open.values().stream().map(block -> block.view(number)).toList();
  }

  /** Seals an open block: its rows leave, its fingerprints stay. */
  public SealedBlock seal(long interval) {
    OpenBlock block = open.remove(interval);
    if (block == null) {
      throw new IllegalStateException(
          "Shard %s: block %s is not open, so it cannot be sealed".formatted(number, interval));
    }
    Arrays.fill(near, null);
    List<SegmentView> segments = block.segments(state);
    cold.add(interval, block.fingerprints(), block.witnesses());
    block.removeFrom(state);
    sequence++;
    return new SealedBlock(number, interval, sequence, block.fingerprints().size(), segments);
  }

  /** Lets rows leave the heap that the log can give back. */
  public void spill() {
    open.values().forEach(block -> block.spill(state));
  }

  /** Brings the state up to date, before a checkpoint. */
  public void flush() {
    open.values().forEach(block -> block.flush(state));
    state.putHeader(
        new ShardHeader(
                ShardHeader.VERSION,
                frontierMicros,
                sequence,
                floor.interval(),
                floor.forgottenBelow(),
                floor.progressMicros(),
                readTo.asMap(),
                newest.entries(),
                ancestry,
                tally)
            .write());
  }

  /** What became of the events offered; counted by the caller. */
  public Tally tally() {
    return tally;
  }

  /** How far its admitted events have come; noted by the caller. */
  public NewestTimes newest() {
    return newest;
  }

  /** How far the partitions have been read; noted by the caller, before a checkpoint at least. */
  public ReadPositions readTo() {
    return readTo;
  }

  /** The checkpoints that its state goes back to. */
  public Ancestry ancestry() {
    return ancestry;
  }

  /** Notes the checkpoint that takes its state next, behind those that it goes back to. */
  public void takenBy(Ancestry checkpoints) {
    ancestry = checkpoints;
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

  /** The heap that rows of open blocks take. */
  public long rowBytes() {
    long bytes = 0;
    for (OpenBlock block : open.values()) {
      bytes += block.rowBytes();
    }
    return bytes;
  }

  /** The heap that fingerprints take, those of open blocks and the index of the sealed ones. */
  public long fingerprintBytes() {
    return openFingerprintBytes() + cold.heapBytes();
  }

  /** The heap that open blocks take: what sealing them would give back, but for their index. */
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
