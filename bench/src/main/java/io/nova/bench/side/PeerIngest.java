package io.nova.bench.side;

import io.nova.bench.event.BenchColumn;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The usual dedup in Flink SQL: JSON from Kafka, ROW_NUMBER over the identity, RocksDB with a state
 * TTL of 15 minutes, Parquet files with zstd, a checkpoint each 10 seconds.
 */
public final class PeerIngest {
  /** The fastest of the settings that were tried; docs/internals/benchmarks.md lists the others. */
  public static final List<String> SETTINGS =
      List.of(
          "execution.runtime-mode=streaming",
          "parallelism.default=" + BenchCluster.PARALLELISM,
          "table.exec.state.ttl=15 min",
          "execution.checkpointing.interval=10 s",
          "execution.checkpointing.unaligned.enabled=false",
          "execution.checkpointing.incremental=true",
          "state.backend.type=rocksdb",
          "state.backend.rocksdb.compression.per.level=NO_COMPRESSION",
          "pipeline.object-reuse=true");

  private static final Predicate<String> READ =
      id -> id.startsWith("Source__KafkaSource") && id.endsWith(".numRecordsIn");

  private final BenchCluster cluster;
  private final Path folder;
  private final List<String> settings;
  private final List<String> sinkOptions;

  /**
   * A side that writes into a folder.
   *
   * @param more settings such as {@code pipeline.object-reuse=false}, which override the others
   * @param sinkOptions more options of its table, such as {@code
   *     parquet.compression.codec.zstd.level=1}
   */
  public PeerIngest(BenchCluster cluster, List<String> more, List<String> sinkOptions) {
    this.sinkOptions = sinkOptions;
    this.cluster = cluster;
    this.folder = cluster.local().options().folder().dir().resolve("warehouse/peer");
    this.settings = Stream.concat(SETTINGS.stream(), more.stream()).toList();
  }

  /** Runs the job over all messages of the topic, until it has finished. */
  public IngestResult run(long messages) {
    try (SqlSession session = cluster.local().sql().open()) {
      for (String statement : preparation()) {
        session.execute(statement, RowPrinter.NOWHERE);
      }
      List<String> ids = new ArrayList<>();
      session.execute(insert(), fields -> ids.add(fields.get(0).asText()));
      JobWatch watch = new JobWatch(cluster, "peer", ids.get(0), READ, messages);
      watch.until(watch::ended);
      return new IngestResult(
          watch.curve(), watch.seconds(), messages, watch.cpu(), watch.warmCpu(), files());
    }
  }

  private List<String> preparation() {
    List<String> all = new ArrayList<>();
    all.add("ADD JAR '%s'".formatted(BenchCluster.peerJar("flink-sql-connector-kafka")));
    all.add("ADD JAR '%s'".formatted(BenchCluster.peerJar("flink-sql-parquet")));
    all.addAll(statements());
    return all;
  }

  /** The statements before the INSERT, without the jars. */
  public List<String> statements() {
    List<String> all = new ArrayList<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      all.add(
          "SET '%s' = '%s'".formatted(setting.substring(0, equals), setting.substring(equals + 1)));
    }
    all.add("USE CATALOG default_catalog");
    all.add(source());
    all.add(sink());
    return all;
  }

  private String source() {
    String columns =
        BenchColumn.ALL.stream()
            .map(column -> "`%s` %s".formatted(column.key(), column.type()))
            .collect(Collectors.joining(", "));
    return "CREATE TEMPORARY TABLE source (%s, seen AS PROCTIME()) WITH ('connector' = 'kafka', 'topic' = '%s', 'format' = 'json', 'json.timestamp-format.standard' = 'SQL', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'properties.bootstrap.servers' = '%s')"
        .formatted(columns, LocalCluster.EVENTS, cluster.local().bootstrapServers());
  }

  private String sink() {
    String columns =
        BenchColumn.ALL.stream()
            .map(column -> "%s %s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    List<String> options =
        sinkOptions.stream()
            .map(option -> ", '%s'".formatted(option.replaceFirst("=", "' = '")))
            .toList();
    return "CREATE TEMPORARY TABLE stored (%s) WITH ('connector' = 'filesystem', 'path' = 'file://%s', 'format' = 'parquet', 'parquet.compression' = 'ZSTD', 'parquet.utc-timezone' = 'true', 'parquet.write.int64.timestamp' = 'true', 'parquet.timestamp.time.unit' = 'micros'%s)"
        .formatted(columns, folder, String.join("", options));
  }

  /** The statement that is measured. */
  public String insert() {
    String columns =
        BenchColumn.ALL.stream()
            .map(column -> "`%s`".formatted(column.key()))
            .collect(Collectors.joining(", "));
    return "INSERT INTO stored SELECT %s FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY app, device_id, `$insert_id` ORDER BY seen) AS n FROM source) WHERE n = 1"
        .formatted(columns);
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
