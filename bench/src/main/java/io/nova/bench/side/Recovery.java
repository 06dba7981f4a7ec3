package io.nova.bench.side;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.event.EventStream;
import io.nova.bench.measure.RateCurve;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.SummedMetric;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import io.nova.workload.send.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * A job that reads live traffic, loses all its TaskManagers as by {@code kill -9}, and finds a
 * backlog when it comes back. Live traffic goes on while it reads the backlog. Seconds count from
 * the start of the new TaskManagers. Not thread safe.
 */
public final class Recovery {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final long STEP_MILLIS = 200;
  private static final double LIVE_SECONDS_BEFORE = 25;

  /** The counters are up to two seconds old, so a job without lag seems to have one. */
  private static final double AGE_SECONDS = 2.5;

  private final BenchCluster cluster;
  private final NovaIngest nova;
  private final double liveRate;
  private final long backlog;
  private final EventStream stream;
  private final RateCurve decided = new RateCurve();
  private final List<RateCurve.Point> lag = new ArrayList<>();
  private OptionalDouble firstDecision = OptionalDouble.empty();
  private OptionalDouble lagGone = OptionalDouble.empty();
  private long decidedBefore;
  private long lastDecided;

  /**
   * What was measured.
   *
   * @param firstDecision seconds until the first message was decided on that was not before, as
   *     Flink's metrics show it up to two seconds later
   * @param backlogRate messages a second from 25 % to 90 % of the backlog
   * @param lagGone seconds until the lag was that of live traffic
   * @param lag messages that were sent and not decided on, over time
   * @param sent all messages of the run
   * @param files the files of the table after the drain
   */
  public record Result(
      double firstDecision,
      double backlogRate,
      double lagGone,
      List<RateCurve.Point> lag,
      BenchEvents sent,
      List<Path> files) {}

  /**
   * A recovery on a fresh cluster.
   *
   * @param liveRate messages a second of live traffic
   * @param backlog messages that are sent while no TaskManager runs
   */
  public Recovery(BenchCluster cluster, List<String> options, double liveRate, long backlog) {
    this.cluster = cluster;
    this.nova = new NovaIngest(cluster, options, "nova");
    this.liveRate = liveRate;
    this.backlog = backlog;
    long stepMicros = Math.max(1, Math.round(1e6 / liveRate));
    this.stream = new EventStream(Duration.ofNanos(stepMicros * 1000));
  }

  /** Runs it once. */
  public Result run() {
    ExecutorService sender = Executors.newSingleThreadExecutor(Recovery::daemon);
    try {
      String job = nova.submit();
      cluster.local().awaitRunning(job);
      SummedMetric counted = nova.decided(job);
      liveTraffic(job, counted);
      outage();
      CompletableFuture<Void> live =
          CompletableFuture.runAsync(
              () -> cluster.send(stream.rest(), Pace.perSecond(liveRate)), sender);
      catchUp(job, counted, live);
      stream.end();
      live.join();
      until("all is decided", () -> counted.value() >= stream.given());
      nova.stop(job);
      until("the job ends", () -> ended(job));
      return result();
    } finally {
      stream.end();
      sender.shutdownNow();
    }
  }

  /** A daemon: after a failed run its broker is gone, and nobody waits for it. */
  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "live-traffic");
    thread.setDaemon(true);
    return thread;
  }

  private void liveTraffic(String job, SummedMetric counted) {
    BenchCluster.progress("live traffic of %,.0f messages/s", liveRate);
    cluster.send(stream.next(Math.round(liveRate * LIVE_SECONDS_BEFORE)), Pace.perSecond(liveRate));
    FlinkRest flink = cluster.flink();
    until("a checkpoint is complete", () -> flink.lastCheckpoint(job).isPresent());
    until("live traffic is decided", () -> counted.value() >= stream.given());
    decidedBefore = counted.value();
  }

  private void outage() {
    BenchCluster.progress("killing both TaskManagers");
    cluster.local().killTaskManager(0);
    cluster.local().killTaskManager(1);
    BenchCluster.progress("sending a backlog of %,d messages", backlog);
    cluster.send(stream.next(backlog), Pace.UNPACED);
  }

  private void catchUp(String job, SummedMetric counted, CompletableFuture<Void> live) {
    BenchCluster.progress("starting two TaskManagers");
    long start = System.nanoTime();
    cluster.local().startTaskManager();
    cluster.local().startTaskManager();
    until(
        "the backlog is read",
        () -> {
          look((System.nanoTime() - start) / 1e9, counted.value());
          return live.isDone() || lagGone.isPresent();
        });
    if (live.isDone()) {
      throw new CommandException("Live traffic ended early. Nothing was measured.");
    }
    until("the job is healthy", () -> !ended(job));
  }

  /** Before all tasks run again, the counters are missing or too small. */
  private void look(double seconds, long count) {
    lastDecided = Math.max(lastDecided, Math.max(decidedBefore, count));
    long behind = stream.given() - lastDecided;
    lag.add(new RateCurve.Point(seconds, behind));
    decided.add(seconds, lastDecided - decidedBefore);
    if (firstDecision.isEmpty() && lastDecided > decidedBefore) {
      firstDecision = OptionalDouble.of(seconds);
    }
    if (lastDecided - decidedBefore >= backlog && behind <= liveRate * AGE_SECONDS) {
      lagGone = OptionalDouble.of(seconds);
    }
  }

  private boolean ended(String job) {
    return cluster.flink().job(job).map(FlinkRest.Job::ended).orElse(true);
  }

  private void until(String what, BooleanSupplier answer) {
    Await.until(what, TIMEOUT, STEP_MILLIS, cluster.local()::requireAlive, answer);
  }

  private Result result() {
    return new Result(
        firstDecision.orElseThrow(),
        decided.sustained(0, backlog),
        lagGone.orElseThrow(),
        List.copyOf(lag),
        stream.sent(),
        nova.chunks());
  }
}
