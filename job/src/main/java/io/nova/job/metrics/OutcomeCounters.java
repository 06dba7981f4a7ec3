package io.nova.job.metrics;

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
public final class OutcomeCounters {
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong admitted = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final Map<RejectReason, AtomicLong> rejected = new EnumMap<>(RejectReason.class);

  public OutcomeCounters() {
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(reason, new AtomicLong());
    }
  }

  /** Adds what was restored. */
  public void add(Tally.Counts restored) {
    add(received, restored.received);
    add(admitted, restored.admitted);
    add(duplicates, restored.duplicates);
    restored.rejected.forEach((reason, count) -> add(of(reason), count));
  }

  public void received() {
    add(received, 1);
  }

  public void admitted() {
    add(admitted, 1);
  }

  public void duplicate() {
    add(duplicates, 1);
  }

  public void rejected(RejectReason reason) {
    add(of(reason), 1);
  }

  public long receivedCount() {
    return received.get();
  }

  public long admittedCount() {
    return admitted.get();
  }

  public long duplicateCount() {
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
