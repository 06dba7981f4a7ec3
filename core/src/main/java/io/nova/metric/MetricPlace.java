package io.nova.metric;

/** Where a metric is registered. */
public enum MetricPlace {
  /** The source of the job. */
  SOURCE("Source: events", "flink_taskmanager_job_task_operator_"),
  /** The operator that counts and checks messages. */
  INTAKE("intake", "flink_taskmanager_job_task_operator_"),
  /** The operator of the open blocks. */
  BLOCKS("blocks", "flink_taskmanager_job_task_operator_"),
  /** The operator that orders closes. */
  HANDOFF("handoff", "flink_taskmanager_job_task_operator_"),
  /** The only writer of the table. */
  COMMITTER("committer", "flink_taskmanager_job_task_operator_"),
  /** The planner of a query's splits, in the JobManager. */
  ENUMERATOR("enumerator", "flink_jobmanager_job_operator_coordinator_enumerator_"),
  /** A reader of a query. */
  READER("reader", "flink_taskmanager_job_task_operator_");

  private final String title;
  private final String prometheusPrefix;

  MetricPlace(String title, String prometheusPrefix) {
    this.title = title;
    this.prometheusPrefix = prometheusPrefix;
  }

  /** The name of the operator; for a query, the part of its source. */
  public String title() {
    return title;
  }

  /** Whether the metric belongs to a query and not to Nova's job. */
  public boolean ofQuery() {
    return this == ENUMERATOR || this == READER;
  }

  String prometheusPrefix() {
    return prometheusPrefix;
  }
}
