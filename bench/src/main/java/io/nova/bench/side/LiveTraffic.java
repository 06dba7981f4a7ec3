package io.nova.bench.side;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.event.EventStream;
import io.nova.cli.cluster.SummedMetric;
import io.nova.cli.process.Await;
import io.nova.workload.send.Pace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A job that was drained and runs again, with live rows over its chunks, and live traffic that
 * starts and ends. Not thread safe.
 */
public final class LiveTraffic implements AutoCloseable {
  /** A million live rows take five minutes of upload time: they stay in open blocks. */
  private static final Duration STEP = Duration.ofNanos(300_000);

  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final long STEP_MILLIS = 200;

  private final BenchCluster cluster;
  private final EventStream stream;
  private final SummedMetric decided;
  private final long before;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "live-traffic");
            thread.setDaemon(true);
            return thread;
          });

  private LiveTraffic(BenchCluster cluster, EventStream stream, SummedMetric decided, long before) {
    this.cluster = cluster;
    this.stream = stream;
    this.decided = decided;
    this.before = before;
  }

  /** Starts the job of the catalog from its savepoint, after these messages. */
  public static LiveTraffic start(BenchCluster cluster, NovaIngest nova, BenchEvents sent) {
    BenchCluster.progress("starting the job again");
    String job = nova.resume();
    cluster.local().awaitRunning(job);
    SummedMetric decided = nova.decided(job);
    // The savepoint has the job's counters.
    Await.until(
        "the job has its counters",
        TIMEOUT,
        STEP_MILLIS,
        cluster.local()::requireAlive,
        () -> decided.value() >= sent.messages());
    return new LiveTraffic(cluster, EventStream.after(sent, STEP), decided, sent.messages());
  }

  /** Sends messages, and waits until the job has decided on each. */
  public void load(long messages) {
    BenchCluster.progress("sending %,d live messages", messages);
    cluster.send(stream.next(messages), Pace.UNPACED);
    Await.until(
        "the live messages are decided",
        TIMEOUT,
        STEP_MILLIS,
        cluster.local()::requireAlive,
        () -> lag() <= 0);
  }

  /** Sends from now on at a pace, until this is closed. */
  public CompletableFuture<Void> flow(double perSecond) {
    return CompletableFuture.runAsync(() -> sendRest(perSecond), sender);
  }

  private void sendRest(double perSecond) {
    try {
      cluster.send(stream.rest(), Pace.perSecond(perSecond));
    } catch (InterruptException e) {
      if (!sender.isShutdown()) {
        throw e;
      }
    }
  }

  /**
   * Messages that were sent and not decided on. The counters are those of the question before, or
   * up to two seconds old.
   */
  public long lag() {
    return stream.given() + before - decided.value();
  }

  @Override
  public void close() {
    stream.end();
    sender.shutdownNow();
  }
}
