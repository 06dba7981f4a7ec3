package io.nova.sql;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Creates {@link CapturedMetrics} for a Flink cluster whose configuration names this class. */
public final class CapturedMetricsFactory implements MetricReporterFactory {
  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new CapturedMetrics();
  }
}
