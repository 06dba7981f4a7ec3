package io.nova.bench.side;

import io.nova.bench.measure.RateCurve;
import io.nova.bench.measure.ThreadTimes;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.SummedMetric;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Progress and cost of one job, looked at five times a second. Seconds count from the moment at
 * which the JobManager created the job. Not thread safe.
 */
final class JobWatch {
  private static final long STEP_MILLIS = 200;
  private static final long REPORT_SECONDS = 10;
  private static final Duration TIMEOUT = Duration.ofMinutes(40);

  private final BenchCluster cluster;
  private final String side;
  private final String job;
  private final long messages;
  private final Instant start;
  private final SummedMetric read;
  private final RateCurve curve = new RateCurve();
  private final ThreadTimes threads = new ThreadTimes();
  private Map<String, Double> atWarm = Map.of();
  private Map<String, Double> atEnding = Map.of();
  private double nextReport = REPORT_SECONDS;

  /**
   * Watches a job from now on.
   *
   * @param side its name, for the progress
   * @param id accepts the names of the metrics that count read messages
   * @param messages the number of messages to read
   */
  JobWatch(BenchCluster cluster, String side, String job, Predicate<String> id, long messages) {
    this.cluster = cluster;
    this.side = side;
    this.job = job;
    this.messages = messages;
    this.start = lifetime().start();
    this.read = new SummedMetric(cluster.flink(), job, id);
    look();
  }

  private FlinkRest.Lifetime lifetime() {
    return cluster
        .flink()
        .lifetime(job)
        .orElseThrow(() -> new CommandException("Flink does not know job " + job));
  }

  /** Looks until the answer is true; throws when the job fails or restarts. */
  void until(BooleanSupplier answer) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!answer.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new CommandException(
            "%s: not done within %d minutes.".formatted(side, TIMEOUT.toMinutes()));
      }
      Await.pause(STEP_MILLIS);
      look();
    }
  }

  private void look() {
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1e3;
    curve.add(seconds, read.value());
    threads.look(cluster.local().taskManagers());
    long count = curve.last().count();
    if (atWarm.isEmpty() && count >= RateCurve.WARM * messages) {
      atWarm = threads.micros();
    }
    if (atEnding.isEmpty() && count >= RateCurve.ENDING * messages) {
      atEnding = threads.micros();
    }
    if (seconds >= nextReport) {
      nextReport += REPORT_SECONDS;
      requireUndisturbed();
      BenchCluster.progress("%s: %,d of %,d read after %.0f s", side, count, messages, seconds);
    }
  }

  /** A restart costs time that no side should pay for. */
  private void requireUndisturbed() {
    cluster.local().requireAlive();
    if (cluster.flink().restarts(job) > 0) {
      throw new CommandException(
          "%s: the job was restarted. Its time does not count. %s"
              .formatted(side, cluster.flink().lastFailureLine(job).orElse("")));
    }
  }

  /** Whether the job has ended; throws if it failed. */
  boolean ended() {
    FlinkRest.Job now = cluster.flink().job(job).orElseThrow();
    if (now.ended() && !now.state().equals("FINISHED")) {
      cluster.local().requireHealthy(job);
    }
    return now.ended();
  }

  /** Seconds from the creation of the job to its end. */
  double seconds() {
    requireUndisturbed();
    return Duration.between(start, lifetime().end().orElseThrow()).toMillis() / 1e3;
  }

  RateCurve curve() {
    return curve;
  }

  /** CPU time of the TaskManagers' threads since the start, in microseconds by group. */
  Map<String, Double> cpu() {
    return threads.micros();
  }

  /** CPU time of the warm TaskManagers' threads, in microseconds a message by group. */
  Map<String, Double> warmCpu() {
    double between = (RateCurve.ENDING - RateCurve.WARM) * messages;
    Map<String, Double> each = new TreeMap<>();
    new HashMap<>(atEnding)
        .forEach(
            (group, micros) ->
                each.put(group, (micros - atWarm.getOrDefault(group, 0.0)) / between));
    return each;
  }
}
