package io.nova.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.Sender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Speed of the whole pipeline and of a peer, one after the other on one cluster and one topic. The
 * topic is filled before.
 *
 * <p>Nova does everything: exact dedup over a day, log, block files, chunks, table. The peer is the
 * usual dedup in Flink SQL: ROW_NUMBER over the identity, RocksDB, a state TTL of 15 minutes. It
 * writes its result nowhere.
 *
 * <p>Arguments: the number of messages, and the path of the peer's connector jar.
 */
public final class PipelineBenchmark {
  private static final long STEP_MILLIS = 200;
  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  private final LocalCluster cluster;
  private final long messages;

  private PipelineBenchmark(LocalCluster cluster, long messages) {
    this.cluster = cluster;
    this.messages = messages;
  }

  /** Prints the rate of each side, and the ratio. */
  public static void main(String[] args) throws InterruptedException {
    long messages = Long.parseLong(args[0]);
    Path connector = Path.of(args[1]).toAbsolutePath();
    try (LocalCluster cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            ClusterOptions.in(Path.of("bench", "target", "pipeline")),
            true,
            4,
            System.err::println)) {
      PipelineBenchmark benchmark = new PipelineBenchmark(cluster, messages);
      benchmark.fillTopic();
      double peer = benchmark.rowNumber(connector);
      double nova = benchmark.nova();
      System.out.printf(
          Locale.ROOT,
          "peer  ROW_NUMBER, RocksDB, TTL 15 min, to nowhere  %,.0f messages/s%n"
              + "nova  everything, to the table                  %,.0f messages/s%n"
              + "ratio %.2f%n",
          peer,
          nova,
          nova / peer);
    }
  }

  private void fillTopic() {
    GeneratorOptions standard = GeneratorOptions.DEFAULTS;
    System.err.println("sending " + messages + " messages");
    new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(
            new GeneratedMessages(
                GeneratorOptions.day(
                    standard.seed(), messages, standard.day(), standard.partitions())),
            Pace.UNPACED,
            ProgressListener.NONE);
  }

  /** Messages a second, from all tasks running to the last decision. */
  private double nova() throws InterruptedException {
    System.err.println("nova");
    String job = cluster.submit(List.of(), Optional.empty(), 2);
    cluster.awaitRunning(job);
    long start = System.nanoTime();
    while (cluster.flink().figures(job).decided() < messages) {
      waitBeforeTimeout(start);
    }
    double rate = rate(start);
    cluster.stop(job, true, () -> {});
    return rate;
  }

  /** Messages a second, from all tasks running to the end of the bounded query. */
  private double rowNumber(Path connector) throws InterruptedException {
    System.err.println("peer");
    try (SqlSession session = cluster.sql().open()) {
      for (String statement : statements(connector)) {
        session.execute(statement, RowPrinter.NOWHERE);
      }
      JobId job = new JobId();
      session.execute(
          "INSERT INTO nowhere SELECT app, device_id, insert_id, event_type FROM (SELECT *,"
              + " ROW_NUMBER() OVER (PARTITION BY app, device_id, insert_id ORDER BY seen) AS n"
              + " FROM source) WHERE n = 1",
          job);
      cluster.awaitRunning(job.id);
      long start = System.nanoTime();
      while (cluster.flink().job(job.id).filter(FlinkRest.Job::ended).isEmpty()) {
        waitBeforeTimeout(start);
      }
      return rate(start);
    }
  }

  private List<String> statements(Path connector) {
    return List.of(
        "ADD JAR '" + connector + "'",
        "SET 'table.exec.state.ttl' = '15 min'",
        "SET 'execution.checkpointing.interval' = '10 s'",
        "SET 'execution.checkpointing.unaligned.enabled' = 'false'",
        "SET 'parallelism.default' = '2'",
        "USE CATALOG default_catalog",
        "CREATE TEMPORARY TABLE source (app BIGINT, device_id STRING, `$insert_id` STRING,"
            + " insert_id AS `$insert_id`, event_type STRING, seen AS PROCTIME()) WITH ("
            + "'connector'='kafka', 'topic'='events', 'format'='json',"
            + " 'json.ignore-parse-errors'='true', 'scan.startup.mode'='earliest-offset',"
            + " 'scan.bounded.mode'='latest-offset', 'properties.bootstrap.servers'='"
            + cluster.bootstrapServers()
            + "')",
        "CREATE TEMPORARY TABLE nowhere (app BIGINT, device_id STRING, insert_id STRING,"
            + " event_type STRING) WITH ('connector'='blackhole')");
  }

  private static void waitBeforeTimeout(long startNanos) throws InterruptedException {
    if (System.nanoTime() - startNanos > TIMEOUT.toNanos()) {
      throw new IllegalStateException("Not done within " + TIMEOUT);
    }
    Thread.sleep(STEP_MILLIS);
  }

  private double rate(long startNanos) {
    return messages / ((System.nanoTime() - startNanos) / 1e9);
  }

  /** Takes the job id from the answer to an INSERT. */
  private static final class JobId implements RowPrinter {
    private String id = "";

    @Override
    public void columns(List<Column> columns) {}

    @Override
    public void row(JsonNode fields) {
      id = fields.get(0).asText();
    }

    @Override
    public void end() {}
  }
}
