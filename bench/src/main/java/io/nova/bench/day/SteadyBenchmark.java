package io.nova.bench.day;

import io.nova.workload.send.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * CPU cost of one set of options against another, at a steady rate.
 *
 * <p>Two clusters run side by side, one for each set. Both receive the same events at the same
 * rate. Upload time passes six times faster than the clock. With a whole day in minutes, the cost
 * of blocks would outweigh the cost of events.
 *
 * <p>Both jobs decide on equally many events in a minute, on the same machine. So the CPU time of a
 * minute is all that is compared. The age of metrics, late merges and slow hours of the machine do
 * not matter.
 *
 * <p>The first half of a round is printed, but it does not count: the JVM compiles then. A round
 * fails if a job lags in the second half. Two jobs that share a full CPU would look alike. The two
 * sets of options swap clusters from round to round.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, messages a second for each job, the
 * number of rounds, the options to compare with, the options to compare.
 */
public final class SteadyBenchmark {
  /** Speed of upload time against the clock. A block takes fifty seconds. */
  private static final double TIMES_FASTER = 6;

  private static final long MINUTE_MILLIS = 60_000;
  private static final long STEP_MILLIS = 1000;

  /** Allowed lag of a job: age of metrics, a checkpoint, a full garbage collection. */
  private static final double MAX_LAG_SECONDS = 10;

  private static final Path FOLDER = Path.of("bench", "target", "day");

  private final DayMessages day;
  private final double perSecond;
  private final String peer;
  private final String other;

  private SteadyBenchmark(DayMessages day, double perSecond, String peer, String other) {
    this.day = day;
    this.perSecond = perSecond;
    this.peer = peer;
    this.other = other;
  }

  /** Prints each minute, and the mean of each round. */
  public static void main(String[] args) throws Exception {
    long events = Long.parseLong(args[1]);
    double perSecond = Double.parseDouble(args[2]);
    Duration span = Duration.ofSeconds((long) (TIMES_FASTER * events / perSecond));
    SteadyBenchmark steady =
        new SteadyBenchmark(
            new DayMessages(events, DayRecord.of(args[0]), span), perSecond, args[4], args[5]);
    for (int round = 0; round < Integer.parseInt(args[3]); round++) {
      steady.round(round);
    }
  }

  private void round(int number) throws Exception {
    Path folder = FOLDER.resolve("round-" + (number + 1));
    ExecutorService senders = Executors.newFixedThreadPool(2, SteadyBenchmark::sender);
    try (DayCluster first = DayCluster.empty(folder.resolve("first"), day);
        DayCluster second = DayCluster.empty(folder.resolve("second"), day)) {
      DayCluster ofPeer = number % 2 == 0 ? first : second;
      DayCluster ofOther = number % 2 == 0 ? second : first;
      JobProgress peerRun = ofPeer.submit(peer, "run");
      JobProgress otherRun = ofOther.submit(other, "run");
      CompletableFuture<Void> sent =
          CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> ofPeer.send(Pace.perSecond(perSecond)), senders),
              CompletableFuture.runAsync(() -> ofOther.send(Pace.perSecond(perSecond)), senders));
      List<Double> more = minutes(ofPeer, ofOther, List.of(peerRun, otherRun), sent);
      System.out.printf(
          Locale.ROOT,
          "round %d: %s %% more CPU%n",
          number + 1,
          Mean.of(more.stream().skip(more.size() / 2).mapToDouble(x -> x).toArray()));
      sent.join();
      ofPeer.finish(peerRun, peer, "run");
      ofOther.finish(otherRun, other, "run");
    } finally {
      senders.shutdownNow();
    }
  }

  /** A daemon: after a failed round its broker is gone, and nobody waits for it. */
  private static Thread sender(Runnable work) {
    Thread thread = new Thread(work, "sender");
    thread.setDaemon(true);
    return thread;
  }

  /** For each minute, by how many percent the other job's CPU time was greater. */
  private List<Double> minutes(
      DayCluster ofPeer, DayCluster ofOther, List<JobProgress> runs, CompletableFuture<Void> sent)
      throws InterruptedException {
    List<Double> more = new ArrayList<>();
    long start = System.nanoTime();
    while (true) {
      long peerBefore = ofPeer.cpuNanos();
      long otherBefore = ofOther.cpuNanos();
      Thread.sleep(MINUTE_MILLIS);
      double peerUsed = ofPeer.cpuNanos() - peerBefore;
      double otherUsed = ofOther.cpuNanos() - otherBefore;
      if (sent.isDone()) {
        return more;
      }
      mustKeepUp(runs, start);
      more.add(100 * (otherUsed / peerUsed - 1));
      System.out.printf(
          Locale.ROOT,
          "minute %d: %.2f and %.2f us of CPU for each message (%.1f %% more)%n",
          more.size(),
          micros(peerUsed),
          micros(otherUsed),
          more.get(more.size() - 1));
    }
  }

  /** Looks twice, since the first answer is a minute old. */
  private void mustKeepUp(List<JobProgress> runs, long startNanos) throws InterruptedException {
    runs.forEach(JobProgress::look);
    double due = perSecond * (System.nanoTime() - startNanos) / 1e9;
    Thread.sleep(STEP_MILLIS);
    for (JobProgress run : runs) {
      run.look();
      long lag = (long) due - run.figures().decided();
      if (due > day.events() / 2.0 && lag > perSecond * MAX_LAG_SECONDS) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "A job is %,d messages behind, of %,.0f that were due: choose a lower rate",
                lag,
                due));
      }
    }
  }

  private double micros(double usedNanos) {
    return usedNanos / 1e3 / (perSecond * MINUTE_MILLIS / 1e3);
  }
}
