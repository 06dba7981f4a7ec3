package io.nova.bench.day;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import java.time.Duration;
import java.util.Locale;

/**
 * A job from its start until it has decided on all messages and is at rest: blocks are merged for
 * many seconds after the last decision, a fifth of all the processor's time, and how far that has
 * come by then differs from run to run. For one thread.
 */
public final class JobProgress {
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final long STEP_MILLIS = 1000;

  /** A job at rest takes less of a processor than this, for so many steps. */
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
   * A moment.
   *
   * @param nanos as {@link System#nanoTime} has it
   * @param cpuNanos the {@link CpuTime} of broker and cluster
   */
  private record Sample(long nanos, long cpuNanos) {}

  private Sample sample() {
    return new Sample(System.nanoTime(), CpuTime.nanos(cluster.processes()));
  }

  /** Waits until all messages have been decided on, and tells each minute how far it is. */
  public void awaitDecided() throws InterruptedException {
    for (long step = 1; figures.decided() < messages; step++) {
      if (System.nanoTime() - start.nanos() > PATIENCE.toNanos()) {
        throw new IllegalStateException("Not done within " + PATIENCE);
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

  /** Waits until the job is at rest, too. */
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
   * Brings {@link #figures} and {@link #memoryBytes} up to date. Flink fetches figures when it is
   * asked, and answers with those of the time before.
   */
  void look() {
    figures = flink.figures(job);
    memoryBytes = Math.max(memoryBytes, flink.greatest(job, "memoryUsedBytes").orElse(0));
  }

  /** The job's id. */
  String job() {
    return job;
  }

  /** The job's figures at the last look. */
  JobFigures figures() {
    return figures;
  }

  /** The most that a subtask used of its budget. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** Messages a second until the last had been decided on. */
  public double intakeRate() {
    return messages * 1e9 / (decided.nanos() - start.nanos());
  }

  /** Messages a second until the job was at rest. */
  double rate() {
    return messages * 1e9 / (end.nanos() - start.nanos());
  }

  /** Microseconds of {@link CpuTime} that each message took until the job was at rest. */
  double cpuMicros() {
    return (end.cpuNanos() - start.cpuNanos()) / 1e3 / messages;
  }
}
