package io.nova.block;

import io.nova.block.ShardState.SegmentId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;

/**
 * A block that takes events: a set of their fingerprints, and their rows as full segments, which
 * are compressed and in the log, and a tail, which goes to the log at a checkpoint.
 */
final class OpenBlock {
  /** Plain bytes at which a segment is full. */
  static final int FULL_BYTES = 256 * 1024;

  /** Plain bytes from which a tail is closed at a checkpoint, rather than written again later. */
  private static final int WORTH_CLOSING_BYTES = 64 * 1024;

  private static final int FIRST_TAIL_BYTES = 2048;

  private final long interval;
  private final long evictAtMicros;
  private final FingerprintSet fingerprints = new FingerprintSet();
  private final List<byte[]> full = new ArrayList<>();
  private ByteBuffer tail = ByteBuffer.allocate(FIRST_TAIL_BYTES);
  private int tailCount;
  private boolean tailIsNew;

  OpenBlock(long interval, long evictAtMicros) {
    this.interval = interval;
    this.evictAtMicros = evictAtMicros;
  }

  /** Rebuilds a block from its segments in the log, by number. */
  static OpenBlock restore(
      long interval, long evictAtMicros, NavigableMap<Integer, byte[]> segments) {
    if (segments.lastKey() != segments.size() - 1) {
      throw new IllegalStateException(
          "Block "
              + interval
              + ": found segments "
              + segments.keySet()
              + " in the log, expected all from 0. Restore an older checkpoint or savepoint.");
    }
    OpenBlock block = new OpenBlock(interval, evictAtMicros);
    segments.values().forEach(block::restore);
    return block;
  }

  private void restore(byte[] stored) {
    Segment.read(stored, (high, low, rows, offset, length) -> fingerprints.add(high, low));
    if (Segment.isPlain(stored)) {
      byte[] body = Segment.body(stored);
      reserve(body.length);
      tail.put(body);
      tailCount = Segment.count(stored);
    } else {
      full.add(stored);
    }
  }

  long interval() {
    return interval;
  }

  /** The frontier from which it may be sealed. */
  long evictAtMicros() {
    return evictAtMicros;
  }

  FingerprintSet fingerprints() {
    return fingerprints;
  }

  boolean contains(long high, long low) {
    return fingerprints.contains(high, low);
  }

  /** Adds an event that is not in it. */
  void add(long high, long low, byte[] row, ShardState state) {
    fingerprints.add(high, low);
    reserve(Segment.ROW_OVERHEAD_BYTES + row.length);
    tail.putLong(high).putLong(low).putInt(row.length).put(row);
    tailCount++;
    tailIsNew = true;
    if (tail.position() >= FULL_BYTES) {
      closeTail(state);
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
      state.putSegment(tailId(), Segment.plain(tail.array(), tail.position(), tailCount));
      tailIsNew = false;
    }
  }

  private void closeTail(ShardState state) {
    byte[] stored = Segment.compressed(tail.array(), tail.position(), tailCount);
    state.putSegment(tailId(), stored);
    full.add(stored);
    tail = ByteBuffer.allocate(FIRST_TAIL_BYTES);
    tailCount = 0;
    tailIsNew = false;
  }

  /** Every row, as stored segments in order. */
  List<byte[]> segments() {
    List<byte[]> all = new ArrayList<>(full);
    if (tailCount > 0) {
      all.add(Segment.plain(tail.array(), tail.position(), tailCount));
    }
    return all;
  }

  /** Takes it out of the log. */
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
      int grown = Math.max(needed, (int) Math.min(2L * tail.capacity(), FULL_BYTES + 8192L));
      ByteBuffer larger = ByteBuffer.wrap(Arrays.copyOf(tail.array(), grown));
      larger.position(tail.position());
      tail = larger;
    }
  }
}
