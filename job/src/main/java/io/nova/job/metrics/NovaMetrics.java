package io.nova.job.metrics;

import io.nova.event.RejectReason;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The metrics of one operator, in its group {@code nova}.
 *
 * <p>Numbers that only grow are counters, named as Flink's own: {@code numEventsAdmitted}. Numbers
 * that go up and down are gauges. {@code ./nova} reads both by name from Flink's REST API.
 */
public final class NovaMetrics {
  private final MetricGroup group;

  public NovaMetrics(MetricGroup operator) {
    this.group = operator.addGroup("nova");
  }

  public void gauge(String name, LongSupplier value) {
    group.gauge(name, (Gauge<Long>) value::getAsLong);
  }

  public Counter counter(String name) {
    return group.counter(name);
  }

  /** Registers the number of received messages. */
  public void received(OutcomeCounters outcomes) {
    group.counter("numEventsReceived", outcomes.allReceived());
  }

  /** Registers the numbers of admitted events and of duplicates. */
  public void decided(OutcomeCounters outcomes) {
    group.counter("numEventsAdmitted", outcomes.allAdmitted());
    group.counter("numDuplicates", outcomes.allDuplicates());
  }

  /**
   * Registers the number of rejected messages for each of these reasons. The reason is a group with
   * a key and a value, {@code reason.too_late.numEventsRejected}, which Prometheus has as a label.
   */
  public void rejected(OutcomeCounters outcomes, Collection<RejectReason> reasons) {
    for (RejectReason reason : reasons) {
      group
          .addGroup("reason", reason.wireName())
          .counter("numEventsRejected", outcomes.rejectedFor(reason));
    }
  }
}
