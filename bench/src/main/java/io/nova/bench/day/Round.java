package io.nova.bench.day;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One round of a comparison of two sets of options.
 *
 * @param peer the run with the options to compare with
 * @param other the run with the options to compare
 */
record Round(JobProgress peer, JobProgress other) {
  /** Runs a round. Rounds are numbered from 0. */
  @FunctionalInterface
  interface Runner {
    Round run(int number) throws Exception;
  }

  /** Runs rounds and prints each. Prints the means without the warming rounds. */
  static void printAll(int warming, int counted, Runner runner) throws Exception {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < warming + counted; i++) {
      Round round = runner.run(i);
      round.print(i < warming ? "warming" : "round " + (i - warming + 1));
      if (i >= warming) {
        rounds.add(round);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds: %s %% less messages/s, %s %% more CPU%n",
        rounds.size(),
        Mean.of(rounds.stream().mapToDouble(Round::lessPercentRate).toArray()),
        Mean.of(rounds.stream().mapToDouble(Round::morePercentCpu).toArray()));
  }

  private double morePercentCpu() {
    return 100 * (other.cpuMicros() / peer.cpuMicros() - 1);
  }

  private double lessPercentRate() {
    return 100 * (1 - other.rate() / peer.rate());
  }

  private void print(String name) {
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f and %,.0f messages/s (%.1f %% less), %.2f and %.2f us of CPU each (%.1f %%"
            + " more)%n",
        name,
        peer.rate(),
        other.rate(),
        lessPercentRate(),
        peer.cpuMicros(),
        other.cpuMicros(),
        morePercentCpu());
  }
}
