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
 * What one set of options costs beside another, in jobs that stay and keep up: two clusters side by
 * side, each with one of them, are sent the same events, so many a second, whose upload time passes
 * six times faster than the clock: with a whole day in minutes, what each block costs would
 * outweigh what each event does. As both decide on the same number in the same time, and on the
 * same machine, their processor's time of a minute is all there is to compare: no counter's age, no
 * block that is merged later and no hour in which the machine is slower comes into it. Minutes of
 * the first half, in which code is compiled and a job may fall behind for it, are printed but not
 * counted. A round in which either is behind in the second half ends with an error: they would
 * share a processor that has no more to give, and look alike. Which of the two has the first
 * cluster changes from round to round.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, messages a second for each, rounds,
 * the options to compare with, the options to compare.
 */
public final class SteadyBenchmark {
  /** Upload time passes so many times faster than the clock: a block takes fifty seconds. */
  private static final double TIMES_FASTER = 6;

  private static final long MINUTE_MILLIS = 60_000;
  private static final long STEP_MILLIS = 1000;

  /** How far a job may be behind: figures' age, a checkpoint, a full collection of garbage. */
  private static final double MOST_SECONDS_BEHIND = 10;

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

  /** Prints a line for each minute, and the mean of each round. */
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
          "round %d: %s %% more processor%n",
          number + 1,
          Mean.of(more.stream().skip(more.size() / 2).mapToDouble(x -> x).toArray()));
      sent.join();
      ofPeer.finish(peerRun, peer, "run");
      ofOther.finish(otherRun, other, "run");
    } finally {
      senders.shutdownNow();
    }
  }

  /** A thread that nobody waits for when a round has failed: its broker is gone by then. */
  private static Thread sender(Runnable work) {
    Thread thread = new Thread(work, "sender");
    thread.setDaemon(true);
    return thread;
  }

  /** By how many percent the other's processor's time was more, of each whole minute. */
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
          "minute %d: %.2f and %.2f us of processor for each message (%.1f %% more)%n",
          more.size(),
          micros(peerUsed),
          micros(otherUsed),
          more.get(more.size() - 1));
    }
  }

  /** Asks twice, since the first answer tells of a minute ago. */
  private void mustKeepUp(List<JobProgress> runs, long startNanos) throws InterruptedException {
    runs.forEach(JobProgress::look);
    double due = perSecond * (System.nanoTime() - startNanos) / 1e9;
    Thread.sleep(STEP_MILLIS);
    for (JobProgress run : runs) {
      run.look();
      long behind = (long) due - run.figures().decided();
      if (due > day.events() / 2.0 && behind > perSecond * MOST_SECONDS_BEHIND) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "A job is %,d messages behind, of %,.0f that were due: choose a lower rate",
                behind,
                due));
      }
    }
  }

  private double micros(double usedNanos) {
    return usedNanos / 1e3 / (perSecond * MINUTE_MILLIS / 1e3);
  }
}
