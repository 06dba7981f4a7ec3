package io.nova.bench.day;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import java.time.Duration;
import java.util.Locale;

/**
 * Progress and cost of a job, from its start to its rest. Not thread safe.
 *
 * <p>A job is at rest when nothing is left to merge. Merging goes on for many seconds after the
 * last decision and takes a fifth of the CPU time. Its progress at the last decision differs from
 * run to run, so that a measurement that ends there would be noisy.
 */
public final class JobProgress {
  private static final Duration TIMEOUT = Duration.ofHours(2);
  private static final long STEP_MILLIS = 1000;

  /** At rest: less than this share of one CPU for {@link #REST_STEPS} steps. */
  private static final double REST = 0.25;

  private static final int REST_STEPS = 4;

  private final LocalCluster cluster;
  private final FlinkRest flink;
  private final String job;
  private final long messages;
  private final Sample start;
  private Sample decided;
  private Sample end;
  private JobFigures figures;
  private long memoryBytes;

  public JobProgress(LocalCluster cluster, String job, long messages) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.job = job;
    this.messages = messages;
    this.figures = flink.figures(job);
    this.start = sample();
    this.decided = start;
    this.end = start;
  }

  /**
   * Both clocks at one moment.
   *
   * @param nanos {@link System#nanoTime}
   * @param cpuNanos {@link CpuTime} of broker and cluster
   */
  private record Sample(long nanos, long cpuNanos) {}

  private Sample sample() {
    return new Sample(System.nanoTime(), CpuTime.nanos(cluster.processes()));
  }

  /** Waits until all messages are decided on. Prints the progress each minute. */
  public void awaitDecided() throws InterruptedException {
    for (long step = 1; figures.decided() < messages; step++) {
      if (System.nanoTime() - start.nanos() > TIMEOUT.toNanos()) {
        throw new IllegalStateException("Not done within " + TIMEOUT);
      }
      Thread.sleep(STEP_MILLIS);
      look();
      if (step % 60 == 0) {
        System.err.printf(Locale.ROOT, "  %,d of %,d%n", figures.decided(), messages);
      }
    }
    decided = sample();
    end = decided;
  }

  /** Waits until all messages are decided on and the job is at rest. */
  void awaitRest() throws InterruptedException {
    awaitDecided();
    Sample before = decided;
    for (int resting = 0; resting < REST_STEPS; ) {
      Thread.sleep(STEP_MILLIS);
      Sample now = sample();
      double used = (double) (now.cpuNanos() - before.cpuNanos()) / (now.nanos() - before.nanos());
      if (used > REST) {
        end = now;
        resting = 0;
      } else {
        resting++;
      }
      before = now;
    }
  }

  /**
   * Updates {@link #figures} and {@link #memoryBytes}. Flink answers with the metrics that it
   * fetched after the question before.
   */
  void look() {
    figures = flink.figures(job);
    memoryBytes = Math.max(memoryBytes, flink.greatest(job, "memoryUsedBytes").orElse(0));
  }

  /** Flink's id of the job. */
  String job() {
    return job;
  }

  /** The job's metrics at the last look. */
  JobFigures figures() {
    return figures;
  }

  /** Greatest use of the memory budget by a subtask. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** Messages a second, from the start to the last decision. */
  public double intakeRate() {
    return messages * 1e9 / (decided.nanos() - start.nanos());
  }

  /** Messages a second, from the start to the rest. */
  double rate() {
    return messages * 1e9 / (end.nanos() - start.nanos());
  }

  /** Microseconds of {@link CpuTime} per message, from the start to the rest. */
  double cpuMicros() {
    return (end.cpuNanos() - start.cpuNanos()) / 1e3 / messages;
  }
}
