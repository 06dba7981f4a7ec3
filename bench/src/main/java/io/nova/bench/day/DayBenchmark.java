package io.nova.bench.day;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A day of events through the whole job with each of some sets of options, one after the other on
 * one cluster and one topic that was filled before.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, then sets of the job's options such as
 * {@code "nova.dedup.window=24 h;nova.ledger=true"}. What is compared must not come first: the
 * processes are cold then. Runs of the same options differ by some percent, on a machine that
 * others use by much more: {@link TurnBenchmark} compares two.
 */
public final class DayBenchmark {
  private DayBenchmark() {}

  /** What a set of options came to. */
  private record Run(String options, JobProgress progress) {}

  /** Prints a line for each set of options, and the means of those that were run repeatedly. */
  public static void main(String[] args) throws Exception {
    DayMessages day = new DayMessages(Long.parseLong(args[1]), DayRecord.of(args[0]));
    try (DayCluster cluster = DayCluster.start(Path.of("bench", "target", "day"), day)) {
      List<Run> runs = new ArrayList<>();
      for (int i = 2; i < args.length; i++) {
        runs.add(new Run(args[i], cluster.run(args[i], "run-" + (i - 1))));
      }
      runs.stream()
          .collect(Collectors.groupingBy(Run::options, LinkedHashMap::new, Collectors.toList()))
          .forEach(DayBenchmark::printMeans);
    }
  }

  private static void printMeans(String options, List<Run> runs) {
    if (runs.size() > 1) {
      System.out.printf(
          Locale.ROOT,
          "%s: %d runs, %s messages/s, %s us of processor each%n",
          options,
          runs.size(),
          Mean.of(runs.stream().mapToDouble(run -> run.progress().rate()).toArray()),
          Mean.of(runs.stream().mapToDouble(run -> run.progress().cpuMicros()).toArray()));
    }
  }
}
