package io.nova.job;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The totals of one subtask for its metrics, kept beside the tallies that are in state.
 *
 * <p>Written by the task thread, read by any.
 */
final class Figures {
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong admitted = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final Map<RejectReason, AtomicLong> rejected = new EnumMap<>(RejectReason.class);

  Figures() {
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(reason, new AtomicLong());
    }
  }

  /** Adds what was restored. */
  void add(Tally.Counts restored) {
    add(received, restored.received);
    add(admitted, restored.admitted);
    add(duplicates, restored.duplicates);
    restored.rejected.forEach((reason, count) -> add(of(reason), count));
  }

  void received() {
    add(received, 1);
  }

  void admitted() {
    add(admitted, 1);
  }

  void duplicate() {
    add(duplicates, 1);
  }

  void rejected(RejectReason reason) {
    add(of(reason), 1);
  }

  long receivedCount() {
    return received.get();
  }

  long admittedCount() {
    return admitted.get();
  }

  long duplicateCount() {
    return duplicates.get();
  }

  long rejectedCount(RejectReason reason) {
    return of(reason).get();
  }

  private AtomicLong of(RejectReason reason) {
    return Objects.requireNonNull(rejected.get(reason));
  }

  /** There is one writer, so nothing is lost between reading and writing, and no fence is paid. */
  private static void add(AtomicLong counter, long count) {
    counter.lazySet(counter.getPlain() + count);
  }
}
