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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
    job = cluster.submit(List.of("--nova.checkpoint.interval", "4 s"), Optional.empty(), 2);
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
  @Order(6)
  void jobThatIsDownIsSaidSo() {
    cluster.killTaskManager(0);
    cluster.killTaskManager(1);

    await("the console says so", () -> now().path("level").asText().equals("DOWN"));
    assertThat(now().path("alarms").toString()).contains("NovaJobIsGone");
    assertThat(sql("ask", "SELECT count(*) FROM events").path("error").asText()).isNotEmpty();
  }

  @Test
  @Order(7)
  void endOfTheClusterEndsTheConsole() {
    ProcessHandle process = console().process(cluster.options().folder()).orElseThrow();
    cluster.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(ConsoleFile.path(cluster.options().folder())).doesNotExist();
  }
}
