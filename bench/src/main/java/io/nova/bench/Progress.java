package io.nova.bench;

import io.nova.local.FlinkRest;
import io.nova.local.JobFigures;
import java.time.Duration;
import java.util.Locale;

/** A job from its start until it has decided on all messages: how fast, and how much memory. */
final class Progress {
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final long STEP_MILLIS = 1000;

  /** The part of the messages after which most of the job's code has been compiled. */
  private static final int WARM_AFTER = 2;

  private final FlinkRest flink;
  private final String job;
  private final long messages;
  private JobFigures figures;
  private long memoryBytes;
  private double rate;
  private double warmRate;
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
    long warmNanos = 0;
    long warm = 0;
    Duration warmCpu = Duration.ZERO;
    for (long step = 1; figures.decided() < messages; step++) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("Not done within " + PATIENCE);
      }
      Thread.sleep(STEP_MILLIS);
      figures = flink.figures(job);
      memoryBytes = Math.max(memoryBytes, flink.greatest(job, "memoryUsedBytes").orElse(0));
      if (warm == 0 && figures.decided() > messages / WARM_AFTER) {
        warm = figures.decided();
        warmNanos = System.nanoTime();
        warmCpu = cpu();
      }
      if (step % 60 == 0) {
        System.err.printf(Locale.ROOT, "  %,d of %,d%n", figures.decided(), messages);
      }
    }
    long end = System.nanoTime();
    rate = messages / ((end - start) / 1e9);
    warmRate = (messages - warm) / ((end - warmNanos) / 1e9);
    cpuMicros = cpu().minus(warmCpu).toNanos() / 1e3 / (messages - warm);
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

  /** Messages a second behind the first half, when most of the job's code has been compiled. */
  double warmRate() {
    return warmRate;
  }

  /** Microseconds of processor that broker and cluster took for a message behind the first half. */
  double cpuMicros() {
    return cpuMicros;
  }
}
