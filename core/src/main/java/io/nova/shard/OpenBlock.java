package io.nova.shard;

import io.nova.shard.ShardState.SegmentId;
import io.nova.shard.fingerprint.CopySearch;
import io.nova.shard.fingerprint.EventFingerprints;
import io.nova.shard.fingerprint.FingerprintSet;
import io.nova.shard.log.Segment;
import io.nova.shard.log.SegmentView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A block that takes events: their fingerprints, and their rows as segments.
 *
 * <p>Full segments are compressed and in the log. The last rows are the tail, which is written to
 * the log at a checkpoint. Where memory is short, full segments are in the log only.
 *
 * <p>It belongs to the task thread, but any thread may read a {@link BlockView} of it. Views share
 * its arrays. So no byte is written twice: rows are appended to the tail, and a new array takes its
 * place when it grows or is closed.
 */
final class OpenBlock {
  /** Plain bytes from which a segment is full. */
  static final int FULL_BYTES = 256 * 1024;

  /** Plain bytes from which a checkpoint closes a tail. A smaller one is written again later. */
  private static final int WORTH_CLOSING_BYTES = 64 * 1024;

  /** Plain bytes from which a tail is closed when memory is short. */
  private static final int WORTH_SPILLING_BYTES = 16 * 1024;

  private static final int FIRST_TAIL_BYTES = 2048;

  /** Size of the largest tail, unless a single row is larger. */
  private static final int LAST_TAIL_BYTES = FULL_BYTES + 8192;

  /** The most entries that a new block has room for. */
  private static final int MOST_EXPECTED = 4096;

  private static final int MOST_EXPECTED_BYTES = FULL_BYTES / 2;

  private final long interval;
  private final long evictAtMicros;
  private final FingerprintSet fingerprints;
  private final List<SegmentView> full = new ArrayList<>();
  private long heapBytes;
  private long loggedBytes;
  private ByteBuffer tail;
  private int tailRows;
  private int rows;
  private boolean tailIsNew;
  private long passedSinceMs = Long.MAX_VALUE;
  private @Nullable BlockView view;

  /** An empty block with room for a few events. */
  OpenBlock(long interval, long evictAtMicros) {
    this(interval, evictAtMicros, 0, FIRST_TAIL_BYTES);
  }

  private OpenBlock(long interval, long evictAtMicros, int expected, int tailBytes) {
    this.interval = interval;
    this.evictAtMicros = evictAtMicros;
    this.fingerprints = new FingerprintSet(expected);
    this.tail = ByteBuffer.allocate(tailBytes);
  }

  /**
   * An empty block with room for as much as this one has, and an eighth more: arrays that grow are
   * copied, and the old ones stay in the heap for as long as blocks do.
   */
  OpenBlock next(long nextInterval, long nextEvictAtMicros) {
    int bytes = full.isEmpty() ? tail.position() : FULL_BYTES;
    return new OpenBlock(
        nextInterval,
        nextEvictAtMicros,
        Math.min(andAnEighth(fingerprints.size()), MOST_EXPECTED),
        Math.min(Math.max(andAnEighth(bytes), FIRST_TAIL_BYTES), MOST_EXPECTED_BYTES));
  }

  private static int andAnEighth(int size) {
    return size + size / 8;
  }

  /** Rebuilds a block from its segments in the log, by number. */
  static OpenBlock restore(
      long interval, long evictAtMicros, NavigableMap<Integer, byte[]> segments) {
    if (segments.lastKey() != segments.size() - 1) {
      throw new IllegalStateException(
          ("Block %s: found segments %s in the log, expected all from 0. Restore an older "
                  + "checkpoint or savepoint.")
              .formatted(interval, segments.keySet()));
    }
    OpenBlock block = new OpenBlock(interval, evictAtMicros);
    segments.values().forEach(block::restore);
    return block;
  }

  private void restore(byte[] stored) {
    if (Segment.isPlain(stored)) {
      Segment.readEntries(stored, this::append);
    } else {
      Segment.readEntries(
          stored,
          (high, low, payloadLow, bytes, offset, length) -> addFingerprints(high, low, payloadLow));
      keep(stored);
    }
  }

  private void keep(byte[] stored) {
    full.add(new SegmentView.Full(stored));
    heapBytes += stored.length;
    loggedBytes += stored.length;
  }

  long interval() {
    return interval;
  }

  /** The frontier from which it may be sealed. */
  long evictAtMicros() {
    return evictAtMicros;
  }

  /** The machine's time when the frontier was first seen after its end, milliseconds. */
  long passedSinceMs(long nowMs) {
    passedSinceMs = Math.min(passedSinceMs, nowMs);
    return passedSinceMs;
  }

  FingerprintSet fingerprints() {
    return fingerprints;
  }

  /** How many events it has: fewer than fingerprints, where payloads are tracked. */
  int rows() {
    return rows;
  }

  /** Shows a search every fingerprint that it looks for; true where the search has ended. */
  boolean look(CopySearch copies) {
    return fingerprints.look(copies, interval);
  }

  /** The heap that its fingerprints take. */
  long fingerprintBytes() {
    return fingerprints.heapBytes();
  }

  /** The heap that its rows take. */
  long rowBytes() {
    return heapBytes + tail.capacity();
  }

  /** A view of it as it is now; the same object until it changes. */
  BlockView view(int shard) {
    BlockView last = view;
    if (last == null) {
      last = newView(shard);
      view = last;
    }
    return last;
  }

  private BlockView newView(int shard) {
    List<SegmentView> segments = new ArrayList<>(full.size() + 1);
    segments.addAll(full);
    addTail(segments);
    return new BlockView(shard, interval, rows, loggedBytes + tail.position(), segments);
  }

  /** Adds an event that is not in it, with the fingerprints that a search has of it. */
  void add(CopySearch event, byte[] row, ShardState state) {
    view = null;
    append(event.high(), event.identityLow(), event.payloadLow(), row, 0, row.length);
    tailIsNew = true;
    if (tail.position() >= FULL_BYTES) {
      closeTail(state);
    }
  }

  private void append(long high, long low, long payloadLow, byte[] bytes, int offset, int length) {
    reserve(Segment.ROW_OVERHEAD_BYTES + length);
    addFingerprints(high, low, payloadLow);
    Segment.append(tail, high, low, payloadLow, bytes, offset, length);
    tailRows++;
  }

  private void addFingerprints(long high, long low, long payloadLow) {
    rows++;
    fingerprints.add(high, low);
    if (EventFingerprints.isTracked(low)) {
      fingerprints.add(high, payloadLow);
    }
  }

  /** Brings the log up to date, before a checkpoint. */
  void flush(ShardState state) {
    if (!tailIsNew) {
      return;
    }
    if (tail.position() >= WORTH_CLOSING_BYTES) {
      closeTail(state);
    } else {
      state.putSegment(tailId(), Segment.plain(tail.array(), tail.position(), tailRows));
      tailIsNew = false;
    }
  }

  private void closeTail(ShardState state) {
    view = null;
    byte[] stored = Segment.compressed(tail.array(), tail.position(), tailRows);
    state.putSegment(tailId(), stored);
    keep(stored);
    tail = ByteBuffer.allocate(FIRST_TAIL_BYTES);
    tailRows = 0;
    tailIsNew = false;
  }

  /** Removes rows from the heap that are in the log. A tail of some size is closed first. */
  void spill(ShardState state) {
    if (tail.position() >= WORTH_SPILLING_BYTES) {
      closeTail(state);
    }
    view = null;
    for (int number = 0; number < full.size(); number++) {
      if (full.get(number) instanceof SegmentView.Full onHeap) {
        full.set(number, spilled(new SegmentId(interval, number), onHeap.stored()));
      }
    }
    heapBytes = 0;
  }

  private static SegmentView spilled(SegmentId id, byte[] stored) {
    return new SegmentView.Spilled(id, Segment.count(stored), Segment.checksum(stored));
  }

  /** All rows, in order. Spilled segments are read from the log. */
  List<SegmentView> segments(ShardState state) {
    List<SegmentView> all = new ArrayList<>(full.size() + 1);
    for (SegmentView segment : full) {
      all.add(
          segment instanceof SegmentView.Spilled spilled
              ? new SegmentView.Full(fromLog(spilled.id(), state))
              : segment);
    }
    addTail(all);
    return all;
  }

  private void addTail(List<SegmentView> segments) {
    if (tailRows > 0) {
      segments.add(new SegmentView.Tail(tail.array(), tail.position(), tailRows));
    }
  }

  private static byte[] fromLog(SegmentId id, ShardState state) {
    byte[] stored = state.segment(id);
    if (stored == null) {
      throw new IllegalStateException(
          "Segment " + id + " was spilled to the log, but is not there");
    }
    return stored;
  }

  /** Removes it from the log. */
  void removeFrom(ShardState state) {
    for (int number = 0; number <= full.size(); number++) {
      state.removeSegment(new SegmentId(interval, number));
    }
  }

  private SegmentId tailId() {
    return new SegmentId(interval, full.size());
  }

  private void reserve(int bytes) {
    if (tail.remaining() < bytes) {
      int needed = Math.addExact(tail.position(), bytes);
      int grown = Math.max(needed, (int) Math.min(2L * tail.capacity(), LAST_TAIL_BYTES));
      ByteBuffer larger = ByteBuffer.wrap(Arrays.copyOf(tail.array(), grown));
      larger.position(tail.position());
      tail = larger;
    }
  }
}
