package io.nova.bench.day;

import io.nova.bench.JobWords;
import io.nova.bench.TableFiles;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileUtil;

/**
 * A local cluster whose topic contains a day of events. Each run of the job reads the whole topic.
 *
 * <p>A run is measured (speed, CPU, memory, state) and judged: DuckDB counts whether every event is
 * in the table exactly once. Not thread safe.
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

  /** Starts a cluster on free ports in a folder. Its topic is empty. */
  static DayCluster empty(Path folder, DayMessages day) {
    return new DayCluster(
        LocalCluster.start(
            Distribution.ofThisProject(), ClusterOptions.in(folder), true, 4, System.err::println),
        day);
  }

  /** Sends the day. Returns after the last message. */
  void send(Pace pace) {
    System.err.println("sending " + day.name());
    new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(day, pace, ProgressListener.NONE);
  }

  /** {@link CpuTime} of the cluster so far, including its broker. */
  long cpuNanos() {
    return CpuTime.nanos(cluster.processes());
  }

  /**
   * Runs the job over the whole topic, judges its table, and prints a line. The run has its own
   * warehouse, which is deleted at the end.
   *
   * @param options such as {@code "nova.dedup.window=24 h;nova.ledger=true"}
   * @param name of the warehouse
   */
  JobProgress run(String options, String name) throws Exception {
    System.err.println(options);
    return finish(submit(options, name), options, name);
  }

  /** Starts the job. Returns when all its tasks run. */
  JobProgress submit(String options, String name) throws Exception {
    List<String> words = JobWords.of(warehouse(name), List.of(options.split(";", -1)));
    String job = cluster.submit(words, Optional.empty(), 2);
    cluster.awaitRunning(job);
    return new JobProgress(cluster, job, day.count().orElseThrow());
  }

  private String warehouse(String name) {
    return cluster.warehouse() + "/" + name;
  }

  /** Waits until the job is at rest, stops it, judges its table, and prints a line. */
  JobProgress finish(JobProgress progress, String options, String name) throws Exception {
    progress.awaitRest();
    String job = progress.job();
    String warehouse = warehouse(name);
    JobFigures figures = progress.figures();
    long state = stateBytes(job);
    cluster.stop(job, true, () -> {});
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f messages/s, %,.0f with all merges at %.2f us of CPU each; %,d admitted,"
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

  /** State of a checkpoint that began after the last decision. */
  private long stateBytes(String job) throws InterruptedException {
    FlinkRest rest = cluster.flink();
    long before = rest.lastCheckpoint(job).orElse(0L);
    while (rest.lastCheckpoint(job).orElse(0L) < before + 2) {
      Thread.sleep(STEP_MILLIS);
    }
    return rest.stateBytes(job).orElse(0);
  }

  /** Compares count, sum and distinct values with those of the numbers 0 to n-1. */
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
    return TableFiles.of(warehouse).stream()
        .map(file -> "'" + Path.of(URI.create(file.location())) + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
