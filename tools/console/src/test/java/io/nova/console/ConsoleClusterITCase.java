package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.Await;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.Sender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The console beside a cluster of real processes: no event, live, killed itself, job killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleClusterITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int MESSAGES = 20_000;

  private static final String REJECTED =
      "SELECT reason, detail, kafka_topic, kafka_partition, kafka_offset, kafka_index,"
          + " SUBSTRING(original_text, 1, 30000),"
          + " CASE WHEN CHAR_LENGTH(original_text) > 30000 THEN NULL ELSE %s END, %s"
          + " FROM rejected";

  private static final String DUPLICATES =
      "SELECT app, %s, kind, %s, kafka_topic, kafka_partition, kafka_offset, kafka_index,"
          + " gap_blocks, %s FROM duplicates";

  private static LocalCluster cluster;
  private static String job = "";

  @BeforeAll
  static void start() {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(Path.of("target", "it", "console")),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            2,
            2,
            2,
            Set.of(Extra.CONSOLE));
    cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            options,
            true,
            4,
            step -> System.out.println("console: " + step));
    job =
        cluster.submit(
            List.of("--nova.checkpoint.interval", "4 s", "--nova.ledger", "true"),
            Optional.empty(),
            2);
    cluster.awaitRunning(job);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static ConsoleFile console() {
    return cluster.console().orElseThrow();
  }

  private static JsonNode ask(String method, String path, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(console().address() + path))
              .header("Authorization", "Bearer " + console().token())
              .timeout(Duration.ofSeconds(90))
              .method(method, BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      return JSON.createObjectNode().put("away", e.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode now() {
    return ask("GET", "/api/now", "");
  }

  private static JsonNode sql(String engine, String sql) {
    return ask("POST", "/api/" + engine, JSON.createObjectNode().put("sql", sql).toString());
  }

  private static void await(String what, BooleanSupplier question) {
    Await.until(what, TIMEOUT, () -> {}, question);
  }

  @Test
  @Order(1)
  void jobWithoutEventsIsWell() {
    await("the job is well", () -> now().path("level").asText().equals("GOOD"));

    assertThat(now().path("sentence").asText()).startsWith("running, no event has come yet");
    assertThat(now().path("counts").path("received").asLong()).isZero();
    assertThat(now().path("processes").toString()).contains("\"console\"");
  }

  @Test
  @Order(2)
  void liveJobIsShownAndTheSumCloses() {
    GeneratorOptions options =
        GeneratorOptions.day(
            7, MESSAGES, GeneratorOptions.DEFAULTS.day(), GeneratorOptions.DEFAULTS.partitions());
    long sent =
        new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
            .send(new GeneratedMessages(options), Pace.UNPACED, ProgressListener.NONE)
            .sent();
    await(
        "all is decided",
        () -> {
          JsonNode counts = now().path("counts");
          return counts.path("received").asLong() == sent && counts.path("undecided").asLong() == 0;
        });

    JsonNode counts = now().path("counts");
    assertThat(
            counts.path("admitted").asLong()
                + counts.path("duplicates").asLong()
                + counts.path("rejected").asLong())
        .isEqualTo(sent);
    await(
        "the fast path has every admitted event",
        () ->
            sql("ask", "SELECT count(*) FROM events").path("rows").path(0).path(0).asLong()
                == counts.path("admitted").asLong());
    await("all shards answer", () -> now().path("shards").path("answering").asLong() == 128);
    assertThat(now().path("partitions")).hasSize(4);
  }

  @Test
  @Order(3)
  void layersHoldEveryAdmittedEventOnce() {
    await(
        "blocks and chunks have every admitted event",
        () -> {
          JsonNode layers = ask("GET", "/api/layers", "");
          long rows = 0;
          for (JsonNode block : layers.path("blocks")) {
            rows += block.path("rows").asLong();
          }
          for (JsonNode chunk : layers.path("chunks")) {
            rows += chunk.path("rows").asLong();
          }
          return rows == now().path("counts").path("admitted").asLong();
        });

    JsonNode layers = ask("GET", "/api/layers", "");
    assertThat(layers.path("rules").path("blockMicros").asLong()).isEqualTo(300_000_000);
    assertThat(layers.path("savepoints")).isNotEmpty();
    assertThat(layers.path("batches")).isNotEmpty();
  }

  @Test
  @Order(4)
  void flinkAnswersTheSame() {
    JsonNode flink = sql("flink", "SELECT COUNT(*) AS n FROM events");

    assertThat(flink.path("rows").path(0).path(0).asLong())
        .isEqualTo(now().path("counts").path("admitted").asLong());
    assertThat(sql("flink", "DROP TABLE events").path("error").asText())
        .contains("begins with DROP, expected one that reads");
  }

  @Test
  @Order(5)
  void rejectedMessagesAndDuplicatesAreThoseOfFlinkSql() {
    JsonNode counts = now().path("counts");
    sendBroken();
    long rejected = counts.path("rejected").asLong();
    long duplicates = counts.path("duplicates").asLong();
    assertThat(duplicates).isPositive();
    await("every rejected message is on its topic", () -> count("rejected") == rejected + 4);
    await("every duplicate is on its topic", () -> count("duplicates") == duplicates);

    assertThat(
            rows(
                "ask",
                REJECTED.formatted(
                    "base64(original)", "strftime(rejected_at, '%Y-%m-%d %H:%M:%S.%g')")))
        .hasSize((int) rejected + 4)
        .containsExactlyInAnyOrderElementsOf(
            rows("flink", REJECTED.formatted("original", flinkTime("rejected_at", "SSS"))));
    assertThat(
            rows(
                "ask",
                DUPLICATES.formatted(
                    "\"identity\"",
                    "strftime(upload_time, '%Y-%m-%d %H:%M:%S.%f')",
                    "strftime(dropped_at, '%Y-%m-%d %H:%M:%S.%g')")))
        .hasSize((int) duplicates)
        .containsExactlyInAnyOrderElementsOf(
            rows(
                "flink",
                DUPLICATES.formatted(
                    "`identity`",
                    flinkTime("upload_time", "SSSSSS"),
                    flinkTime("dropped_at", "SSS"))));
    assertThat(sql("ask", "SELECT 1 FROM rejected, duplicates").path("bounds").toString())
        .isEqualTo(
            "[\"duplicates: the last 24 h, %,d rows.\",\"rejected: the last 24 h, %,d rows. Of 1 rows, original has the first 64 KB only.\"]"
                .formatted(duplicates, rejected + 4));
    assertThat(ask("GET", "/api/rejected", "").path("tables").path("reasons").path("rows"))
        .isNotEmpty();
    assertThat(ask("GET", "/api/duplicates", "").path("tables").path("samples").path("rows"))
        .isNotEmpty();
  }

  /** Messages that are no JSON: without a value, in no character set, with a zero, and long. */
  private static void sendBroken() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<byte[]> values = new ArrayList<>();
      values.add(null);
      values.add(new byte[] {(byte) 0xff, (byte) 0xc3, 'x'});
      values.add(new byte[] {'a', 0, 'b'});
      values.add("ä".repeat(100_000).getBytes(StandardCharsets.UTF_8));
      for (byte[] value : values) {
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(LocalCluster.EVENTS, value));
      }
    }
  }

  private static long count(String table) {
    return sql("ask", "SELECT count(*) FROM " + table).path("rows").path(0).path(0).asLong();
  }

  private static List<String> rows(String engine, String sql) {
    JsonNode answer =
        ask(
            "POST",
            "/api/" + engine,
            JSON.createObjectNode().put("sql", sql).put("maxRows", 10_000).toString());
    List<String> rows = new ArrayList<>();
    assertThat(answer.path("rows")).as(answer.toString()).isNotEmpty();
    answer.path("rows").forEach(row -> rows.add(row.toString()));
    return rows;
  }

  private static String flinkTime(String column, String fraction) {
    return "DATE_FORMAT(CAST(%s AS TIMESTAMP(6)), 'yyyy-MM-dd HH:mm:ss.%s')"
        .formatted(column, fraction);
  }

  @Test
  @Order(6)
  void consoleThatDiesIsStartedAgainWithItsToken() {
    ConsoleFile before = console();
    before.process(cluster.options().folder()).orElseThrow().destroyForcibly();
    await(
        "another console answers",
        () -> {
          cluster.requireAlive();
          return cluster.console().filter(file -> file.pid() != before.pid()).isPresent();
        });

    assertThat(console().token()).isEqualTo(before.token());
    assertThat(console().address()).isEqualTo(before.address());
    assertThat(now().path("level").asText()).isEqualTo("GOOD");
  }

  @Test
  @Order(7)
  void jobThatIsDownIsSaidSo() {
    cluster.killTaskManager(0);
    cluster.killTaskManager(1);

    await("the console says so", () -> now().path("level").asText().equals("DOWN"));
    assertThat(now().path("alarms").toString()).contains("NovaJobIsGone");
    assertThat(sql("ask", "SELECT count(*) FROM events").path("error").asText()).isNotEmpty();
    assertThat(count("rejected")).isPositive();
  }

  @Test
  @Order(8)
  void endOfTheClusterEndsTheConsole() {
    ProcessHandle process = console().process(cluster.options().folder()).orElseThrow();
    cluster.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(ConsoleFile.path(cluster.options().folder())).doesNotExist();
  }
}
