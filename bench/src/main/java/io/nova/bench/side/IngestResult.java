package io.nova.bench.side;

import io.nova.bench.measure.RateCurve;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one side has done with all messages of the topic.
 *
 * @param curve messages read over time
 * @param seconds from the creation of the job until all rows were durable and visible
 * @param messages messages of the topic
 * @param cpuMicros CPU time of the TaskManagers by thread group, from start to end
 * @param warmCpu CPU time of the warm TaskManagers by thread group, in microseconds a message
 * @param files the files with the result
 */
public record IngestResult(
    RateCurve curve,
    double seconds,
    long messages,
    Map<String, Double> cpuMicros,
    Map<String, Double> warmCpu,
    List<Path> files) {
  /** Messages a second while the job was warm. */
  public double sustained() {
    return curve.sustained(0, messages);
  }

  /** Messages a second, with start and end of the job. */
  public double whole() {
    return messages / seconds;
  }

  /** CPU time of the TaskManagers in microseconds a message, from start to end. */
  public double cpuPerMessage() {
    return cpuMicros.values().stream().mapToDouble(Double::doubleValue).sum() / messages;
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(file -> file.toFile().length()).sum();
  }
}
