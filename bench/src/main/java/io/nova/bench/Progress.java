package io.nova.bench;

import io.nova.local.FlinkRest;
import io.nova.local.JobFigures;
import java.time.Duration;
import java.util.Locale;

/** A job from its start until it has decided on all messages: how fast, and how much memory. */
final class Progress {
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final long STEP_MILLIS = 1000;

  private final FlinkRest flink;
  private final String job;
  private final long messages;
  private JobFigures figures;
  private long memoryBytes;
  private double rate;
  private double secondHalf;
  private double cpuMicros;

  Progress(FlinkRest flink, String job, long messages) {
    this.flink = flink;
    this.job = job;
    this.messages = messages;
    this.figures = flink.figures(job);
  }

  /** Waits for the end, and tells each minute how far it is. */
  void await() throws InterruptedException {
    long start = System.nanoTime();
    long halfNanos = 0;
    long half = 0;
    Duration halfCpu = Duration.ZERO;
    for (long step = 1; figures.decided() < messages; step++) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("Not done within " + PATIENCE);
      }
      Thread.sleep(STEP_MILLIS);
      figures = flink.figures(job);
      memoryBytes = Math.max(memoryBytes, flink.greatest(job, "memoryUsedBytes").orElse(0));
      if (half == 0 && figures.decided() > messages / 2) {
        half = figures.decided();
        halfNanos = System.nanoTime();
        halfCpu = cpu();
      }
      if (step % 60 == 0) {
        System.err.printf(Locale.ROOT, "  %,d of %,d%n", figures.decided(), messages);
      }
    }
    long end = System.nanoTime();
    rate = messages / ((end - start) / 1e9);
    secondHalf = (messages - half) / ((end - halfNanos) / 1e9);
    cpuMicros = cpu().minus(halfCpu).toNanos() / 1e3 / (messages - half);
  }

  /** What the processes that this one has started have used. */
  private static Duration cpu() {
    return ProcessHandle.current()
        .children()
        .flatMap(child -> child.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The job's figures at the end. */
  JobFigures figures() {
    return figures;
  }

  /** The most that a subtask used of its budget. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** Messages a second. */
  double rate() {
    return rate;
  }

  /** Messages a second of the second half, when the job's code has been compiled. */
  double secondHalf() {
    return secondHalf;
  }

  /** Microseconds of processor that broker and cluster took for a message of the second half. */
  double cpuMicros() {
    return cpuMicros;
  }
}
