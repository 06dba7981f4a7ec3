package io.nova.bench;

import io.nova.local.FlinkRest;
import io.nova.local.JobFigures;
import io.nova.local.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A job from its start until it has decided on all messages: how fast, and how much memory. */
final class Progress {
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final long STEP_MILLIS = 1000;

  /** The part of the messages after which most of the job's code has been compiled. */
  private static final int WARM_AFTER = 2;

  private final LocalCluster cluster;
  private final FlinkRest flink;
  private final String job;
  private final long messages;
  private final List<Sample> samples = new ArrayList<>();
  private JobFigures figures;
  private long memoryBytes;

  Progress(LocalCluster cluster, String job, long messages) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.job = job;
    this.messages = messages;
    this.figures = flink.figures(job);
  }

  /**
   * How far the job was at a moment.
   *
   * @param nanos the moment, as {@link System#nanoTime} has it
   * @param decided messages that had been decided on
   * @param cpuNanos the {@link CpuTime} of broker and cluster
   */
  private record Sample(double nanos, double decided, double cpuNanos) {}

  /** Messages a second between two moments, and the {@link CpuTime} that each took. */
  record Speed(double rate, double cpuMicros) {}

  /** Waits for the end, and tells each minute how far it is. */
  void await() throws InterruptedException {
    long start = System.nanoTime();
    samples.add(new Sample(start, figures.decided(), CpuTime.nanos(cluster.processes())));
    for (long step = 1; figures.decided() < messages; step++) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("Not done within " + PATIENCE);
      }
      Thread.sleep(STEP_MILLIS);
      figures = flink.figures(job);
      samples.add(
          new Sample(System.nanoTime(), figures.decided(), CpuTime.nanos(cluster.processes())));
      memoryBytes = Math.max(memoryBytes, flink.greatest(job, "memoryUsedBytes").orElse(0));
      if (step % 60 == 0) {
        System.err.printf(Locale.ROOT, "  %,d of %,d%n", figures.decided(), messages);
      }
    }
  }

  /** The job's figures at the end. */
  JobFigures figures() {
    return figures;
  }

  /** The most that a subtask used of its budget. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** From its beginning to its end. */
  Speed speed() {
    return speed(samples.get(0).nanos(), endNanos());
  }

  /** Behind the first half of the messages, when most of the job's code has been compiled. */
  Speed warmSpeed() {
    return speed(warmNanos(), endNanos());
  }

  /** When the first half had been decided on. */
  double warmNanos() {
    return samples.stream()
        .filter(sample -> sample.decided() > (double) messages / WARM_AFTER)
        .findFirst()
        .orElseThrow()
        .nanos();
  }

  /** When all had been. */
  double endNanos() {
    return samples.get(samples.size() - 1).nanos();
  }

  /** Between two moments. */
  Speed speed(double fromNanos, double toNanos) {
    Sample from = at(fromNanos);
    Sample to = at(toNanos);
    double decided = to.decided() - from.decided();
    return new Speed(
        decided / ((toNanos - fromNanos) / 1e9), (to.cpuNanos() - from.cpuNanos()) / 1e3 / decided);
  }

  private Sample at(double nanos) {
    Sample before = samples.get(0);
    for (Sample next : samples) {
      if (next.nanos() >= nanos) {
        double part =
            next == before ? 0 : (nanos - before.nanos()) / (next.nanos() - before.nanos());
        return new Sample(
            nanos,
            before.decided() + part * (next.decided() - before.decided()),
            before.cpuNanos() + part * (next.cpuNanos() - before.cpuNanos()));
      }
      before = next;
    }
    return before;
  }
}
