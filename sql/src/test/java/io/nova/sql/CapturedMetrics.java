package io.nova.sql;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/** Keeps every metric of this JVM's Flink clusters, also after the end of its job. */
final class CapturedMetrics implements MetricReporter {
  private record Captured(String job, String operator, String identifier, Metric metric) {}

  private static final Queue<Captured> CAPTURED = new ConcurrentLinkedQueue<>();

  static void clear() {
    CAPTURED.clear();
  }

  /** The sum of a counter or gauge over all subtasks of all sources. */
  static long sum(String name) {
    return CAPTURED.stream()
        .filter(one -> one.operator.contains("events"))
        .filter(one -> one.identifier.endsWith("." + name))
        .mapToLong(one -> valueOf(one.metric))
        .sum();
  }

  /** All values of a gauge, each with the id of its job. */
  static List<String> valuesByJob(String name) {
    return CAPTURED.stream()
        .filter(one -> one.identifier.endsWith("." + name))
        .map(one -> one.job + ":" + valueOf(one.metric))
        .toList();
  }

  /** The paths below their operators of all metrics in a group {@code nova}, each once. */
  static Set<String> pathsOfNova() {
    return CAPTURED.stream()
        .map(one -> one.identifier)
        .filter(identifier -> identifier.contains(".nova."))
        .map(identifier -> identifier.substring(identifier.lastIndexOf(".nova.") + 1))
        .collect(Collectors.toSet());
  }

  private static long valueOf(Metric metric) {
    if (metric instanceof Counter counter) {
      return counter.getCount();
    }
    return metric instanceof Gauge<?> gauge ? ((Number) gauge.getValue()).longValue() : 0;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    Map<String, String> variables = group.getAllVariables();
    CAPTURED.add(
        new Captured(
            variables.getOrDefault("<job_id>", ""),
            variables.getOrDefault("<operator_name>", ""),
            group.getMetricIdentifier(name),
            metric));
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
