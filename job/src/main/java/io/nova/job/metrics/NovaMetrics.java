package io.nova.job.metrics;

import io.nova.event.RejectReason;
import io.nova.metric.NovaMetric;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The metrics of one operator, in its group {@code nova}. {@link NovaMetric} lists all of them.
 * {@code ./nova} reads them by name from Flink's REST API.
 */
public final class NovaMetrics {
  private final MetricGroup group;

  public NovaMetrics(MetricGroup operator) {
    this.group = operator.addGroup("nova");
  }

  public void gauge(NovaMetric metric, LongSupplier value) {
    group.gauge(metric.shortName(), (Gauge<Long>) value::getAsLong);
  }

  public Counter counter(NovaMetric metric) {
    return group.counter(metric.shortName());
  }

  /** Registers the number of received messages. */
  public void received(OutcomeCounters outcomes) {
    group.counter(NovaMetric.RECEIVED.shortName(), outcomes.allReceived());
  }

  /** Registers the numbers of admitted events and of duplicates. */
  public void decided(OutcomeCounters outcomes) {
    group.counter(NovaMetric.ADMITTED.shortName(), outcomes.allAdmitted());
    group.counter(NovaMetric.DUPLICATES.shortName(), outcomes.allDuplicates());
  }

  /**
   * Registers the number of rejected messages for each of these reasons. The reason is a group with
   * a key and a value, {@code reason.too_late.numEventsRejected}, which Prometheus has as a label.
   */
  public void rejected(OutcomeCounters outcomes, Collection<RejectReason> reasons) {
    for (RejectReason reason : reasons) {
      group
          .addGroup("reason", reason.wireName())
          .counter(NovaMetric.REJECTED_BY_SHARD.shortName(), outcomes.rejectedFor(reason));
    }
  }
}
