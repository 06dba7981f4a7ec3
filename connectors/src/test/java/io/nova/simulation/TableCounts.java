package io.nova.simulation;

import java.util.concurrent.atomic.AtomicInteger;

/** How often the worlds of a test have reached what they are for. */
final class TableCounts {
  final AtomicInteger zombies = new AtomicInteger();
  final AtomicInteger chunks = new AtomicInteger();
  final AtomicInteger oldSavepoints = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger left = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();
  final AtomicInteger removals = new AtomicInteger();
  final AtomicInteger removedFiles = new AtomicInteger();
  final AtomicInteger kills = new AtomicInteger();

  @Override
  public String toString() {
    return "zombies %s chunks %s old %s refused %s left %s closes %s removals %s files %s kills %s"
        .formatted(
            zombies, chunks, oldSavepoints, refused, left, closes, removals, removedFiles, kills);
  }
}
