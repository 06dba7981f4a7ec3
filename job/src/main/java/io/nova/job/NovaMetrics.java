package io.nova.job;

import io.nova.event.RejectReason;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The job's figures as Flink metrics, in a group named {@code nova} of their operator. */
final class NovaMetrics {
  private final MetricGroup group;

  NovaMetrics(MetricGroup operator) {
    this.group = operator.addGroup("nova");
  }

  void gauge(String name, LongSupplier value) {
    group.gauge(name, (Gauge<Long>) value::getAsLong);
  }

  /** A gauge for each of these reasons, in a group of their own: {@code rejected.too_late}. */
  void rejected(Figures figures, List<RejectReason> reasons) {
    MetricGroup rejected = group.addGroup("rejected");
    for (RejectReason reason : reasons) {
      rejected.gauge(reason.wireName(), (Gauge<Long>) () -> figures.rejectedCount(reason));
    }
  }
}
