package io.nova.live.server;

import io.nova.shard.BlockFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The block files that a subtask has written for as long as a lease may ask for them. They have the
 * rows that a pinned view shows, but that are no longer in the log. Thread safe.
 */
final class SealedFiles {
  private final Duration kept;
  private final LongSupplier nanoClock;
  private final Deque<Sealed> files = new ArrayDeque<>();

  /** A file of blocks of one interval. */
  private record Sealed(long interval, BlockFile file, long writtenNanos) {}

  /**
   * Where the rows of a block are.
   *
   * @param path the block file
   * @param firstRow the number of rows in the file before those of the block
   */
  record Place(String path, long firstRow) {}

  SealedFiles(Duration kept, LongSupplier nanoClock) {
    this.kept = kept;
    this.nanoClock = nanoClock;
  }

  synchronized void add(long interval, BlockFile file) {
    forgetOld();
    files.addLast(new Sealed(interval, file, nanoClock.getAsLong()));
  }

  synchronized void forgetOld() {
    long now = nanoClock.getAsLong();
    while (!files.isEmpty() && now - files.getFirst().writtenNanos > kept.toNanos()) {
      files.removeFirst();
    }
  }

  /**
   * Finds a block. It is the first of its interval that its shard sealed after a sequence: later
   * ones are late parts.
   */
  synchronized Optional<Place> find(int shard, long interval, long afterSequence) {
    for (Sealed sealed : files) {
      long firstRow = 0;
      for (BlockFile.Block block : sealed.file.blocks()) {
        if (sealed.interval == interval
            && block.shard() == shard
            && block.sequence() > afterSequence) {
          return Optional.of(new Place(sealed.file.path(), firstRow));
        }
        firstRow += block.rows();
      }
    }
    return Optional.empty();
  }
}
