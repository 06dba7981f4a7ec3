package io.nova.bench.day;

import java.nio.file.Path;

/**
 * Cost of one set of options against another, in turns on one cluster. The order changes from round
 * to round, so that a machine that gets faster or slower favors neither.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, the number of warming rounds, the
 * number of counted rounds, the options to compare with, the options to compare.
 */
public final class TurnBenchmark {
  private final DayCluster cluster;
  private final String peer;
  private final String other;

  private TurnBenchmark(DayCluster cluster, String peer, String other) {
    this.cluster = cluster;
    this.peer = peer;
    this.other = other;
  }

  /** Prints each round, and the means. */
  public static void main(String[] args) throws Exception {
    DayMessages day = new DayMessages(Long.parseLong(args[1]), DayRecord.of(args[0]));
    try (DayCluster cluster = DayCluster.start(Path.of("bench", "target", "day"), day)) {
      TurnBenchmark turns = new TurnBenchmark(cluster, args[4], args[5]);
      Round.printAll(Integer.parseInt(args[2]), Integer.parseInt(args[3]), turns::round);
    }
  }

  private Round round(int number) throws Exception {
    boolean peerFirst = number % 2 == 0;
    JobProgress first = cluster.run(peerFirst ? peer : other, "run-" + number + "-1");
    JobProgress second = cluster.run(peerFirst ? other : peer, "run-" + number + "-2");
    return peerFirst ? new Round(first, second) : new Round(second, first);
  }
}
