package io.nova.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What one set of options costs beside another, on a machine whose speed changes: two clusters side
 * by side read the same day, one with each, and change places from round to round. Both have the
 * same processor at the same time, so that their ratio stays what it is when neither does.
 *
 * <p>Compared is what both did between the moment when the later one had its first half and the
 * moment when the earlier one was done. Rounds that are to warm the processes are printed but not
 * counted.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, rounds to warm, rounds to count, the
 * options to compare with, the options to compare.
 */
public final class PairBenchmark {
  private final List<DayCluster> clusters;
  private final String peer;
  private final String other;

  private PairBenchmark(List<DayCluster> clusters, String peer, String other) {
    this.clusters = clusters;
    this.peer = peer;
    this.other = other;
  }

  /** Prints a line for each round, and the means. */
  public static void main(String[] args) throws Exception {
    DayMessages day = new DayMessages(Long.parseLong(args[1]), DayRecord.of(args[0]));
    int warming = Integer.parseInt(args[2]);
    int counted = Integer.parseInt(args[3]);
    Path folder = Path.of("bench", "target", "day");
    try (DayCluster first = DayCluster.start(folder.resolve("first"), day);
        DayCluster second = DayCluster.start(folder.resolve("second"), day)) {
      PairBenchmark pairs = new PairBenchmark(List.of(first, second), args[4], args[5]);
      Round.printAll(warming, counted, pairs::round);
    }
  }

  private Round round(int number) throws Exception {
    Callable<Progress> ofPeer = () -> clusters.get(number % 2).run(peer, "run-" + number);
    Callable<Progress> ofOther = () -> clusters.get(1 - number % 2).run(other, "run-" + number);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Progress> first = threads.submit(ofPeer);
      Future<Progress> second = threads.submit(ofOther);
      Progress one = first.get();
      Progress two = second.get();
      double from = Math.max(one.warmNanos(), two.warmNanos());
      double to = Math.min(one.endNanos(), two.endNanos());
      if (from >= to) {
        throw new IllegalStateException(
            "One was done before the other had its first half: nothing to compare");
      }
      return new Round(one.speed(from, to), two.speed(from, to));
    } finally {
      threads.shutdownNow();
    }
  }
}
