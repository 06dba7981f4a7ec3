package io.nova.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.cluster.Distribution;
import io.nova.metric.NovaMetric;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators and strangers see of a running cluster: metrics, answers to browsers, secrets. */
class OperationsITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path DEPLOY =
      Path.of(System.getProperty(Distribution.HOME_PROPERTY, "../.."), "deploy");
  private static final String SECRET = "s3ntinel-0f-0per4tions";
  private static final Pattern NAME = Pattern.compile("(?m)^(flink_\\w+)[{ ]");
  private static final Pattern NAMED = Pattern.compile("flink_\\w+");

  /** Metrics that this job lacks: it has no schema registry. */
  private static final Set<String> ABSENT = Set.of(NovaMetric.REGISTRY_AWAY.prometheusName());

  private static final Pattern OF_NOVA =
      Pattern.compile("flink_taskmanager_job_task_operator_(nova|deserializer)_\\w+");

  private static final Queue<String> COLLECTED = new ConcurrentLinkedQueue<>();

  private static HttpServer collector;
  private static ProcessCluster nova;

  @BeforeAll
  static void jobRuns() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/v1/metrics", OperationsITCase::collect);
    collector.start();
    nova = ProcessCluster.start("operations", withCollector(), Set.of(Extra.PROMETHEUS));
    nova.submit(
        List.of(
            "--nova.checkpoint.interval",
            "2 s",
            "--nova.live.token",
            SECRET + "-of-live-views",
            "--nova.kafka.property.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"nova\""
                + " password=\"%s-of-kafka\";".formatted(SECRET),
            "--nova.kafka.property.ssl.truststore.password",
            SECRET + "-of-a-trust-store"),
        Optional.empty(),
        2);
    nova.send(ProcessCluster.generated(2_000), Pace.UNPACED);
    nova.awaitAllDecided();
    nova.await("a checkpoint", () -> nova.lastCheckpoint().isPresent());
  }

  @AfterAll
  static void stop() {
    if (nova != null) {
      nova.close();
    }
    collector.stop(0);
  }

  /** The distribution of this project, which also sends its metrics to a collector. */
  private static Distribution withCollector() throws IOException {
    String reporter =
        Files.readString(Distribution.ofThisProject().conf("opentelemetry.yaml"))
            .replace("4318", Integer.toString(collector.getAddress().getPort()))
            .replace("15 s", "2 s");
    return ChangedDistribution.in(
        Path.of("target", "it", "operations-distribution").toAbsolutePath(),
        "config.yaml",
        config -> config + "\n" + reporter);
  }

  private static void collect(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    COLLECTED.add(
        new String((zipped ? new GZIPInputStream(body) : body).readAllBytes(), ISO_8859_1));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  /** Names are plain text in the collector's protocol. */
  @Test
  void aCollectorForOpenTelemetryGetsTheMetrics() {
    nova.await(
        "metrics of both kinds of processes",
        () ->
            COLLECTED.stream().anyMatch(sent -> sent.contains("nova.numEventsAdmitted"))
                && COLLECTED.stream().anyMatch(sent -> sent.contains("numRunningJobs")));
  }

  @Test
  void theMetricsOfTheRunningJobAreThoseOfTheList() {
    Set<String> listed =
        Arrays.stream(NovaMetric.values())
            .filter(metric -> !metric.place().ofQuery())
            .map(NovaMetric::prometheusName)
            .filter(name -> !ABSENT.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(scraped())
        .filteredOn(name -> OF_NOVA.matcher(name).matches())
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void boardAndRulesNameMetricsThatTheRunningJobHas() throws IOException {
    Set<String> scraped = scraped();
    for (String file : List.of("grafana/nova.json", "prometheus/nova-rules.yaml")) {
      Set<String> named =
          NAMED
              .matcher(Files.readString(DEPLOY.resolve(file)))
              .results()
              .map(found -> found.group())
              .filter(name -> !ABSENT.contains(name))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(named).as(file).hasSizeGreaterThan(10).isSubsetOf(scraped);
    }
  }

  @Test
  void theReasonOfARejectionIsALabel() {
    assertThat(metricsOfAllProcesses())
        .containsPattern(
            "flink_taskmanager_job_task_operator_nova_reason_numEventsRejected\\{[^}]*"
                + "reason=\"too_late\"");
  }

  private static Set<String> scraped() {
    return NAME.matcher(metricsOfAllProcesses())
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What Prometheus would read from the JobManager and both TaskManagers. */
  private static String metricsOfAllProcesses() {
    assertThat(nova.processes().metrics())
        .containsOnlyKeys("jobmanager", "taskmanager-0", "taskmanager-1");
    return nova.processes().metrics().values().stream()
        .map(address -> get(URI.create(address)).body())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void noPageOfAnotherOriginMayReadWhatRestServersAnswer() {
    for (URI address :
        List.of(rest("/overview"), rest("/jobmanager/config"), gateway("/v1/info"))) {
      assertThat(allowedOrigins(request(address))).as("GET %s", address).isEqualTo(ownOrigin());
    }
    assertThat(allowedOrigins(request(rest("/")))).as("a page").doesNotContain("*");
    HttpRequest.Builder session =
        request(gateway("/v1/sessions"))
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(allowedOrigins(session)).as("POST as a form can").isEqualTo(ownOrigin());
    HttpRequest.Builder preflight =
        request(rest("/jobs/" + nova.job()))
            .header("Access-Control-Request-Method", "PATCH")
            .method("OPTIONS", BodyPublishers.noBody());
    assertThat(allowedOrigins(preflight)).as("preflight").isNotEqualTo(List.of("*"));
  }

  @Test
  void restTakesNoJarsByAForm() {
    assertThat(get(rest("/jars")).statusCode()).isEqualTo(404);
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).header("Origin", "http://stranger.example");
  }

  private static List<String> ownOrigin() {
    return List.of("http://127.0.0.1:" + nova.processes().options().ports().rest());
  }

  private static List<String> allowedOrigins(HttpRequest.Builder request) {
    return send(request).headers().allValues("Access-Control-Allow-Origin");
  }

  @Test
  void noSecretOfTheJobIsShown() throws Exception {
    String job = "/jobs/" + nova.job();
    FolderCommands commands = new FolderCommands(nova, List.of());
    for (String path :
        List.of(
            "/config",
            "/jobmanager/config",
            "/jobmanager/environment",
            "/jobs/overview",
            job,
            job + "/config",
            job + "/plan",
            job + "/jobmanager/config",
            job + "/jobmanager/environment",
            job + "/exceptions",
            job + "/checkpoints/config",
            "/taskmanagers")) {
      HttpResponse<String> answer = get(rest(path));
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body()).as(path).doesNotContain(SECRET);
    }
    for (JsonNode taskManager :
        JSON.readTree(get(rest("/taskmanagers")).body()).path("taskmanagers")) {
      String path = "/taskmanagers/" + taskManager.path("id").asText();
      assertThat(get(rest(path)).body()).doesNotContain(SECRET);
    }
    assertThat(commands.run("status"))
        .contains(nova.job(), "http://127.0.0.1")
        .doesNotContain(SECRET);
    assertThat(commands.run("status", "--json")).contains(nova.job()).doesNotContain(SECRET);
    for (ProcessHandle process : nova.processes().processes()) {
      assertThat(Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid()))))
          .as("command line of %s", process.pid())
          .isNotEmpty()
          .doesNotContain(SECRET);
    }
    assertThat(filesWithTheSecret(nova.processes().options().folder().logs())).isEmpty();
  }

  @Test
  void filesWithSecretsAreForTheirOwnerOnly() throws IOException {
    Path folder = nova.processes().options().folder().dir();
    List<Path> found =
        Stream.of(folder.resolve("conf"), folder.resolve("logs"), folder.resolve("catalogs"))
            .flatMap(part -> filesWithTheSecret(part).stream())
            .toList();
    assertThat(found).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found.get(0))))
        .isEqualTo("rw-------");
  }

  private static List<Path> filesWithTheSecret(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(OperationsITCase::hasTheSecret).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasTheSecret(Path file) {
    try {
      return Files.readString(file, ISO_8859_1).contains(SECRET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI rest(String path) {
    return onPort(nova.processes().options().ports().rest(), path);
  }

  private static URI gateway(String path) {
    return onPort(nova.processes().options().ports().gateway(), path);
  }

  private static URI onPort(int port, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
  }

  private static HttpResponse<String> get(URI address) {
    return send(HttpRequest.newBuilder(address));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
