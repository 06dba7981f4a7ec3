package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.Distribution;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.fixtures.S3Server;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster with its table, checkpoints and savepoints on an S3 server. A database registers the
 * table. It runs with the profile {@code s3}.
 */
@EnabledIf(value = "isHere", disabledReason = "run it with -Ps3")
class S3JobITCase {
  private static final int MESSAGES = 12_000;
  private static final String BUCKET = "s3://" + S3Server.BUCKET;
  private static final String WAREHOUSE = "s3a://" + S3Server.BUCKET + "/warehouse";

  @TempDir private Path folder;
  private final List<Message> day = ProcessCluster.generated(MESSAGES);
  private final List<Message> first = day.subList(0, MESSAGES / 2);
  private final List<Message> second = day.subList(MESSAGES / 2, MESSAGES);

  static boolean isHere() {
    return S3Server.isHere();
  }

  @Test
  void aKilledTaskManagerAndASavepointOnS3LoseNothingAndRepeatNothing() throws Exception {
    try (S3Server s3 = S3Server.start(folder);
        DatabaseServer database = DatabaseServer.start(folder);
        ProcessCluster nova = ProcessCluster.start("s3", distribution(s3), Set.of())) {
      Configuration.addDefaultResource(S3Server.SITE);
      List<String> options = options(database);
      nova.submit(options, Optional.empty(), 2);
      killedWhileEventsFlow(nova);
      assertThat(metadata(s3, "checkpoints/" + nova.job())).isNotEmpty();

      String savepoint = nova.stopInto(BUCKET + "/savepoints", false);
      assertThat(savepoint).startsWith(BUCKET + "/savepoints");
      assertThat(metadata(s3, "savepoints")).hasSize(1);
      nova.submit(options, Optional.of(savepoint), 1);
      send(nova, second);
      List<String> places;
      try (SqlSession session = nova.processes().sql().open()) {
        session.execute(createCatalog(nova, database), RowPrinter.NOWHERE);
        places = placesInSql(session);
      }
      nova.stopInto(BUCKET + "/savepoints", true);

      try (JdbcCatalog client = database.client(WAREHOUSE)) {
        Table events = client.loadTable(TableIdentifier.of("nova", "events"));
        assertThat(places).isEqualTo(placesInIceberg(events));
        Verdict verdict = nova.judge(metadataFile(events), Duration.ofDays(1));
        assertThat(verdict.examples()).isEmpty();
        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.admitted()).isEqualTo(places.size());
      }
      nothingIsOnTheLocalDisk(nova);
    }
  }

  private static List<String> options(DatabaseServer database) {
    return List.of(
        "--nova.checkpoint.interval",
        "4 s",
        "--nova.warehouse",
        WAREHOUSE,
        "--nova.catalog.type",
        "jdbc",
        "--nova.catalog.uri",
        database.uri());
  }

  /** Flink's own plugin writes checkpoints. Hadoop's client is for the job and for SQL. */
  private Distribution distribution(S3Server s3) throws Exception {
    List<Path> hadoop = new ArrayList<>(S3Server.clientJars());
    hadoop.add(site(s3));
    List<Path> flink = new ArrayList<>(hadoop);
    flink.add(DatabaseServer.driver());
    return ChangedDistribution.with(
        folder.resolve("distribution"),
        flink,
        hadoop,
        List.of(S3Server.plugin()),
        config -> onS3(config, s3));
  }

  private static String onS3(String config, S3Server s3) {
    return config
            .replace("\"{dir.uri}/checkpoints\"", BUCKET + "/checkpoints")
            .replace("\"{dir.uri}/savepoints\"", BUCKET + "/savepoints")
        + """

        s3.endpoint: %s
        s3.path.style.access: true
        s3.access-key: %s
        s3.secret-key: %s
        """
            .formatted(s3.endpoint(), S3Server.USER, S3Server.PASSWORD);
  }

  /** A jar with the settings of Hadoop. */
  private Path site(S3Server s3) throws IOException {
    Path jar = folder.resolve("s3-site.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("core-site.xml"));
      entries.write(s3.site().getBytes(StandardCharsets.UTF_8));
      entries.closeEntry();
    }
    return jar;
  }

  private static void send(ProcessCluster nova, List<Message> messages) {
    nova.send(messages, Pace.UNPACED);
    nova.awaitAllDecided();
  }

  /** After the first checkpoint, which the job reads from S3 again. */
  private void killedWhileEventsFlow(ProcessCluster nova) {
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> nova.send(first, Pace.perSecond(500)));
    nova.await("a checkpoint", () -> nova.lastCheckpoint().isPresent());
    nova.awaitDecided(1_500);
    int restores = nova.restores();
    nova.processes().killTaskManager(1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    sending.join();
    nova.awaitAllDecided();
  }

  private static List<String> metadata(S3Server s3, String under) throws Exception {
    return s3.objects(under).stream().filter(object -> object.endsWith("/_metadata")).toList();
  }

  private static String createCatalog(ProcessCluster nova, DatabaseServer database) {
    return "CREATE CATALOG lake WITH ('type' = 'nova', 'warehouse' = '%s', 'catalog.type' = 'jdbc', 'catalog.uri' = '%s', 'kafka.bootstrap-servers' = '%s')"
        .formatted(WAREHOUSE, database.uri(), nova.processes().bootstrapServers());
  }

  /** Files on S3 and live views together. */
  private static List<String> placesInSql(SqlSession session) {
    return ProcessCluster.ask(session, "SELECT kafka_partition, kafka_offset FROM lake.nova.events")
        .stream()
        .map(row -> row.get(0).asText() + "-" + row.get(1).asText())
        .sorted()
        .toList();
  }

  private static List<String> placesInIceberg(Table events) throws IOException {
    List<String> places = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(events).build()) {
      rows.forEach(
          row -> places.add(row.getField("kafka_partition") + "-" + row.getField("kafka_offset")));
    }
    places.sort(null);
    return places;
  }

  private static String metadataFile(Table events) {
    return ((HasTableOperations) events).operations().current().metadataFileLocation();
  }

  private static void nothingIsOnTheLocalDisk(ProcessCluster nova) throws IOException {
    Path local = nova.processes().options().folder().dir();
    for (String part : List.of("warehouse", "checkpoints", "savepoints")) {
      try (Stream<Path> files = Files.walk(local.resolve(part))) {
        assertThat(files.filter(Files::isRegularFile)).as(part).isEmpty();
      }
    }
  }
}
