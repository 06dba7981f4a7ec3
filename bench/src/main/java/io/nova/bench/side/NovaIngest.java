package io.nova.bench.side;

import io.nova.bench.JobWords;
import io.nova.bench.TableFiles;
import io.nova.cli.cluster.SummedMetric;
import io.nova.cli.process.CommandException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;

/** Nova's job with everything on, from the topic to the table. */
public final class NovaIngest {
  /** Linux keeps 15 bytes of a thread's name, {@code nova-chunk-merger}. */
  private static final String MERGER = "nova-chunk-merg";

  private static final Predicate<String> READ = id -> id.endsWith(".nova.numEventsReceived");
  private static final Predicate<String> DECIDED =
      id ->
          id.endsWith(".nova.numEventsAdmitted")
              || id.endsWith(".nova.numDuplicates")
              || id.contains(".nova.reason.");

  private final BenchCluster cluster;
  private final List<String> options;
  private final String warehouse;

  /**
   * A side with its own warehouse.
   *
   * @param options of the job, such as {@code nova.dedup.window=24 h}
   * @param name of the warehouse
   */
  public NovaIngest(BenchCluster cluster, List<String> options, String name) {
    this.cluster = cluster;
    this.options = options;
    this.warehouse = cluster.local().warehouse() + "/" + name;
  }

  /** A side with the warehouse of the cluster's catalog, which SQL reads. */
  public static NovaIngest intoTheCatalog(BenchCluster cluster, List<String> options) {
    return new NovaIngest(options, cluster, cluster.local().warehouse());
  }

  private NovaIngest(List<String> options, BenchCluster cluster, String warehouse) {
    this.cluster = cluster;
    this.options = options;
    this.warehouse = warehouse;
  }

  /** Runs the job over all messages of the topic, and stops it with drain. */
  public IngestResult run(long messages) {
    String job = submit();
    JobWatch watch = new JobWatch(cluster, "nova", job, READ, messages);
    awaitDecided(watch, job, messages);
    stop(job);
    watch.until(watch::ended);
    return new IngestResult(
        watch.curve(), watch.seconds(), messages, watch.cpu(), watch.warmCpu(), chunks());
  }

  /** Starts the job, and returns its id. */
  String submit() {
    return submit(Optional.empty());
  }

  /** Starts the job from the newest savepoint of this cluster, and returns its id. */
  String resume() {
    return submit(
        cluster.local().options().folder().newestSavepoint().map(path -> "file://" + path));
  }

  private String submit(Optional<String> savepoint) {
    return cluster
        .local()
        .submit(JobWords.of(warehouse, options), savepoint, BenchCluster.PARALLELISM);
  }

  private void awaitDecided(JobWatch watch, String job, long messages) {
    SummedMetric decided = decided(job);
    watch.until(() -> watch.curve().last().count() >= messages && decided.value() >= messages);
  }

  /** The number of messages that the job has decided on. */
  SummedMetric decided(String job) {
    return new SummedMetric(cluster.flink(), job, DECIDED);
  }

  /** Asks Flink itself. The command line would first start a JVM, which is no work of the job. */
  void stop(String job) {
    cluster.flink().drain(job, cluster.local().options().folder().savepoints());
  }

  /**
   * The files of the table's snapshot.
   *
   * @throws CommandException if one of them is not a chunk, which a drained job does not leave
   */
  public List<Path> chunks() {
    return TableFiles.of(warehouse).stream().map(NovaIngest::chunk).sorted().toList();
  }

  private static Path chunk(DataFile file) {
    if (file.format() != FileFormat.PARQUET) {
      throw new CommandException(
          "nova: found block file %s in the table after the drain, expected chunks only. Its time does not count."
              .formatted(file.location()));
    }
    return Path.of(URI.create(file.location()));
  }

  /** Deletes the warehouse. */
  public void delete() {
    FileUtil.fullyDelete(Path.of(URI.create(warehouse)).toFile());
  }

  /** CPU time of the threads that merge blocks to chunks, in microseconds. */
  public static double mergeMicros(IngestResult result) {
    return result.cpuMicros().getOrDefault(MERGER, 0.0);
  }
}
