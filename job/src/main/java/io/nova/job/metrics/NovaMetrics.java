package io.nova.job.metrics;

import io.nova.event.RejectReason;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The job's figures as Flink metrics, in a group named {@code nova} of their operator. */
public final class NovaMetrics {
  private final MetricGroup group;

  public NovaMetrics(MetricGroup operator) {
    this.group = operator.addGroup("nova");
  }

  public void gauge(String name, LongSupplier value) {
    group.gauge(name, (Gauge<Long>) value::getAsLong);
  }

  /** A gauge for each of these reasons, in a group of their own: {@code rejected.too_late}. */
  public void rejected(OutcomeCounters figures, List<RejectReason> reasons) {
    MetricGroup rejected = group.addGroup("rejected");
    for (RejectReason reason : reasons) {
      rejected.gauge(reason.wireName(), (Gauge<Long>) () -> figures.rejectedCount(reason));
    }
  }
}
