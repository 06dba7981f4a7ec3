package io.nova.bench;

import io.nova.input.ProgressListener;
import io.nova.local.ClusterOptions;
import io.nova.local.Distribution;
import io.nova.local.FlinkRest;
import io.nova.local.JobFigures;
import io.nova.local.LocalCluster;
import io.nova.send.Pace;
import io.nova.send.Sender;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/**
 * A day of events through the whole job with each of some sets of options, one after the other on
 * one cluster and one topic that was filled before: throughput, memory and state, and whether every
 * event is in the table exactly once, as DuckDB sees it.
 *
 * <p>Arguments: the {@link DayRecord}, the number of events, then sets of the job's options such as
 * {@code "nova.dedup.window=24 h;nova.ledger=true"}. What is compared must not come first: the
 * processes are cold then. A job's code is compiled anew for each: compare what came behind the
 * first half. Runs of the same options differ by some percent, the processor's time of a message by
 * less than the throughput: give the sets in turns, several times, and compare the means that are
 * printed.
 */
public final class DayBenchmark {
  private static final long STEP_MILLIS = 1000;

  private final LocalCluster cluster;
  private final DayMessages day;
  private final long events;

  private DayBenchmark(LocalCluster cluster, long events, DayRecord record) {
    this.cluster = cluster;
    this.day = new DayMessages(events, record);
    this.events = events;
  }

  /** What a set of options came to. */
  private record Run(String options, double rate, double cpuMicros) {}

  /** Prints a line for each set of options, and the means of those that were run repeatedly. */
  public static void main(String[] args) throws Exception {
    DayRecord record = DayRecord.valueOf(args[0].toUpperCase(Locale.ROOT));
    long events = Long.parseLong(args[1]);
    try (LocalCluster cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            ClusterOptions.in(Path.of("bench", "target", "day")),
            true,
            4,
            System.err::println)) {
      DayBenchmark benchmark = new DayBenchmark(cluster, events, record);
      benchmark.fillTopic();
      List<Run> runs = new ArrayList<>();
      for (int i = 2; i < args.length; i++) {
        runs.add(benchmark.run(args[i], "run-" + (i - 1)));
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
          mean(runs.stream().mapToDouble(Run::rate).toArray()),
          mean(runs.stream().mapToDouble(Run::cpuMicros).toArray()));
    }
  }

  /** With its standard error. */
  private static String mean(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(squares / (values.length - 1) / values.length);
    return String.format(Locale.ROOT, "%,.1f ± %,.1f", mean, error);
  }

  private void fillTopic() {
    System.err.println("sending " + day.name());
    new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(day, Pace.UNPACED, ProgressListener.NONE);
  }

  private Run run(String options, String name) throws Exception {
    System.err.println(options);
    String warehouse = cluster.warehouse() + "/" + name;
    List<String> words = new ArrayList<>(List.of("--nova.warehouse", warehouse));
    for (String option : List.of(options.split(";", -1))) {
      int equals = option.indexOf('=');
      words.add("--" + option.substring(0, equals));
      words.add(option.substring(equals + 1));
    }
    String job = cluster.submit(words, Optional.empty(), 2);
    cluster.awaitRunning(job);
    Progress progress = new Progress(cluster.flink(), job, day.count().orElseThrow());
    progress.await();
    JobFigures figures = progress.figures();
    long state = stateBytes(job);
    cluster.stop(job, true, () -> {});
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f messages/s, %,.0f behind the first half at %.2f us of processor each; %,d admitted,"
            + " %,d duplicates, %,d rejected; %.0f MB of memory at most in a subtask; %.1f bytes of state an event; %s%n",
        options,
        progress.rate(),
        progress.warmRate(),
        progress.cpuMicros(),
        figures.admitted(),
        figures.duplicates(),
        figures.rejectedTotal(),
        progress.memoryBytes() / 1e6,
        (double) state / events,
        judge(warehouse, figures));
    return new Run(options, progress.warmRate(), progress.cpuMicros());
  }

  /** Of a checkpoint that was taken when everything had been decided. */
  private long stateBytes(String job) throws InterruptedException {
    FlinkRest rest = cluster.flink();
    long before = rest.lastCheckpoint(job).orElse(0L);
    while (rest.lastCheckpoint(job).orElse(0L) < before + 2) {
      Thread.sleep(STEP_MILLIS);
    }
    return rest.stateBytes(job).orElse(0);
  }

  /** The numbers 0 to n-1 once each have one count, one sum and one number of distinct values. */
  private String judge(String warehouse, JobFigures figures) throws Exception {
    try (var duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT event_id), sum(event_id::HUGEINT)::VARCHAR,"
                    + " count(*) FILTER (insert_id = 'i' || event_id) FROM read_parquet("
                    + files(warehouse)
                    + ")")) {
      row.next();
      String sum =
          BigInteger.valueOf(events)
              .multiply(BigInteger.valueOf(events - 1))
              .shiftRight(1)
              .toString();
      boolean exact =
          row.getLong(1) == events
              && row.getLong(2) == events
              && row.getString(3).equals(sum)
              && row.getLong(4) == events
              && figures.admitted() == events
              && figures.duplicates() == day.copies();
      return exact ? "exact" : "NOT EXACT: " + row.getLong(1) + " rows, " + row.getLong(2);
    }
  }

  private static String files(String warehouse) throws Exception {
    Table table = new HadoopTables(new Configuration()).load(warehouse + "/nova/events");
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> all = table.newScan().planFiles()) {
      StreamSupport.stream(all.spliterator(), false).forEach(tasks::add);
    }
    return tasks.stream()
        .map(task -> "'" + Path.of(URI.create(task.file().location())) + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }
}
