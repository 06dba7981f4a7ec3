package io.nova.bench.day;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.Sender;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/**
 * A cluster whose topic holds a day of events, for the whole job to read again and again: how fast,
 * with how much memory and state, and whether every event is in the table exactly once, as DuckDB
 * sees it. For one thread.
 */
final class DayCluster implements AutoCloseable {
  private static final long STEP_MILLIS = 1000;

  private final LocalCluster cluster;
  private final DayMessages day;

  private DayCluster(LocalCluster cluster, DayMessages day) {
    this.cluster = cluster;
    this.day = day;
  }

  /** Starts a cluster on free ports in a folder, and fills its topic. */
  static DayCluster start(Path folder, DayMessages day) {
    DayCluster cluster = empty(folder, day);
    cluster.send(Pace.UNPACED);
    return cluster;
  }

  /** Starts a cluster on free ports in a folder, whose topic is still empty. */
  static DayCluster empty(Path folder, DayMessages day) {
    return new DayCluster(
        LocalCluster.start(
            Distribution.ofThisProject(), ClusterOptions.in(folder), true, 4, System.err::println),
        day);
  }

  /** Sends the day, and returns when it has been sent. */
  void send(Pace pace) {
    System.err.println("sending " + day.name());
    new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(day, pace, ProgressListener.NONE);
  }

  /** The {@link CpuTime} that it has taken so far, its broker among it. */
  long cpuNanos() {
    return CpuTime.nanos(cluster.processes());
  }

  /**
   * Runs the job from the beginning of the topic to its end, into a warehouse of its own that is
   * removed once it has been judged, and prints a line about it.
   *
   * @param options such as {@code "nova.dedup.window=24 h;nova.ledger=true"}
   * @param name of the warehouse
   */
  JobProgress run(String options, String name) throws Exception {
    System.err.println(options);
    return finish(submit(options, name), options, name);
  }

  /** Starts the job, and returns when it is running. */
  JobProgress submit(String options, String name) throws Exception {
    List<String> words = new ArrayList<>(List.of("--nova.warehouse", warehouse(name)));
    for (String option : List.of(options.split(";", -1))) {
      int equals = option.indexOf('=');
      words.add("--" + option.substring(0, equals));
      words.add(option.substring(equals + 1));
    }
    String job = cluster.submit(words, Optional.empty(), 2);
    cluster.awaitRunning(job);
    return new JobProgress(cluster, job, day.count().orElseThrow());
  }

  private String warehouse(String name) {
    return cluster.warehouse() + "/" + name;
  }

  /** Waits until a job is at rest, stops it, and prints a line about it. */
  JobProgress finish(JobProgress progress, String options, String name) throws Exception {
    progress.awaitRest();
    String job = progress.job();
    String warehouse = warehouse(name);
    JobFigures figures = progress.figures();
    long state = stateBytes(job);
    cluster.stop(job, true, () -> {});
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f messages/s, %,.0f until all was merged at %.2f us of processor each; %,d admitted,"
            + " %,d duplicates, %,d rejected; %.0f MB of memory at most in a subtask; %.1f bytes of state an event; %s%n",
        options,
        progress.intakeRate(),
        progress.rate(),
        progress.cpuMicros(),
        figures.admitted(),
        figures.duplicates(),
        figures.rejectedTotal(),
        progress.memoryBytes() / 1e6,
        (double) state / day.events(),
        judge(warehouse, figures));
    FileUtil.fullyDelete(Path.of(URI.create(warehouse)).toFile());
    return progress;
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
    long events = day.events();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
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

  @Override
  public void close() {
    cluster.close();
  }
}
