package io.nova.bench.day;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Cost of a day of events in the whole job, for each of several sets of options, one after the
 * other on one cluster and one topic.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, then sets of the job's options such as
 * {@code "nova.dedup.window=24 h;nova.ledger=true"}. The first set only warms the processes. Runs
 * of the same options differ by a few percent, and by much more on a shared machine. {@link
 * TurnBenchmark} compares two sets.
 */
public final class DayBenchmark {
  private DayBenchmark() {}

  /** One run with a set of options. */
  private record Run(String options, JobProgress progress) {}

  /** Prints each run, and the means of options that ran repeatedly. */
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
          "%s: %d runs, %s messages/s, %s us of CPU each%n",
          options,
          runs.size(),
          Mean.of(runs.stream().mapToDouble(run -> run.progress().rate()).toArray()),
          Mean.of(runs.stream().mapToDouble(run -> run.progress().cpuMicros()).toArray()));
    }
  }
}
