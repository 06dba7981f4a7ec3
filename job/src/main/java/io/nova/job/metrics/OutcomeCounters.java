package io.nova.job.metrics;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;

/**
 * The outcomes of one subtask's messages, summed over all apps, as Flink counters.
 *
 * <p>The {@link Tally} in state is the source of these numbers. A restored subtask adds its
 * restored tally first, so its counters start at the restored totals and not at zero. The sum over
 * all subtasks is therefore the total since the first start of the job, also after restores and
 * rescales. Each attempt of a task has series of its own in a monitoring system, so {@code rate()}
 * does not see the restored total as an increase.
 *
 * <p>The task thread counts. Any thread may read.
 */
public final class OutcomeCounters {
  private final Counter received = new SimpleCounter();
  private final Counter admitted = new SimpleCounter();
  private final Counter duplicates = new SimpleCounter();
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);

  public OutcomeCounters() {
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(reason, new SimpleCounter());
    }
  }

  /** Adds restored totals. */
  public void add(Tally.Counts restored) {
    received.inc(restored.received);
    admitted.inc(restored.admitted);
    duplicates.inc(restored.duplicates);
    restored.rejected.forEach((reason, count) -> rejectedFor(reason).inc(count));
  }

  public void received() {
    received.inc();
  }

  public void admitted() {
    admitted.inc();
  }

  public void duplicate() {
    duplicates.inc();
  }

  public void rejected(RejectReason reason) {
    rejectedFor(reason).inc();
  }

  Counter allReceived() {
    return received;
  }

  Counter allAdmitted() {
    return admitted;
  }

  Counter allDuplicates() {
    return duplicates;
  }

  Counter rejectedFor(RejectReason reason) {
    return Objects.requireNonNull(rejected.get(reason));
  }
}
