package io.nova.simulation;

import java.util.concurrent.atomic.AtomicInteger;

/** How often the worlds of a test have reached what they are for. */
final class TableCounts {
  final AtomicInteger zombies = new AtomicInteger();
  final AtomicInteger chunks = new AtomicInteger();
  final AtomicInteger mergedAgain = new AtomicInteger();
  final AtomicInteger takenBack = new AtomicInteger();
  final AtomicInteger oldSavepoints = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger left = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();
  final AtomicInteger removals = new AtomicInteger();
  final AtomicInteger removedFiles = new AtomicInteger();
  final AtomicInteger kills = new AtomicInteger();
}
