package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.Await;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlSession;
import io.nova.fixtures.ListedMessages;
import io.nova.judge.Judge;
import io.nova.judge.JudgeRequest;
import io.nova.judge.Verdict;
import io.nova.judge.record.RecordMapping;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.MessagesThen;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.replay.Replay;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import io.nova.workload.topic.Brokers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A broker and a Flink cluster of several JVMs in a folder below {@code target}, with one job and
 * all messages that were sent to it.
 */
final class ProcessCluster implements AutoCloseable {
  private static final int PARTITIONS = 4;

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final LocalCluster cluster;
  private final List<Message> sent = new ArrayList<>();

  /** By savepoint, the number of messages that it has decided on at least. */
  private final Map<String, Long> decidedAt = new HashMap<>();

  private String job = "";

  private ProcessCluster(LocalCluster cluster) {
    this.cluster = cluster;
  }

  static ProcessCluster start(String name) {
    return start(name, ChangedDistribution.ofTests(), Set.of());
  }

  static ProcessCluster start(
      String name, Distribution distribution, Set<ClusterOptions.Extra> extras) {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(Path.of("target", "it", name)),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            2,
            2,
            2);
    return new ProcessCluster(
        LocalCluster.start(
            distribution,
            options.with(extras),
            true,
            PARTITIONS,
            what -> System.out.println(name + ": " + what)));
  }

  /** A generated day of {@code count} messages. */
  static List<Message> generated(int count) {
    List<Message> messages = new ArrayList<>();
    GeneratorOptions options =
        GeneratorOptions.day(
            7, count, GeneratorOptions.DEFAULTS.day(), GeneratorOptions.DEFAULTS.partitions());
    try (MessageCursor cursor = new GeneratedMessages(options).open()) {
      cursor.forEachRemaining(messages::add);
    }
    return messages;
  }

  void submit(Optional<String> savepoint, int parallelism) {
    submit(List.of("--nova.checkpoint.interval", "4 s"), savepoint, parallelism);
  }

  /** Submits, and waits for the counters of all subtasks; a sum over some is too small. */
  void submit(List<String> options, Optional<String> savepoint, int parallelism) {
    job = cluster.submit(options, savepoint, parallelism);
    cluster.awaitRunning(job);
    savepoint.ifPresent(from -> awaitDecided(decidedAt.getOrDefault(from, 0L)));
  }

  /** Submits a job whose start must fail, cancels it, and returns the reason of its failure. */
  String refusal(List<String> options, String savepoint) throws Exception {
    String refused = cluster.submit(options, Optional.of(savepoint), 2);
    Await.until(
        "The start fails",
        TIMEOUT,
        cluster::requireAlive,
        () -> cluster.flink().lastFailure(refused).isPresent());
    String reason = cluster.flink().lastFailure(refused).orElseThrow();
    URI job =
        URI.create(
            "http://127.0.0.1:%d/jobs/%s?mode=cancel"
                .formatted(cluster.options().ports().rest(), refused));
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(job).method("PATCH", BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    return reason;
  }

  /** The id of the job that was submitted last. */
  String job() {
    return job;
  }

  void awaitRunning() {
    cluster.awaitRunning(job);
  }

  void send(List<Message> messages, Pace pace) {
    SendReport report =
        new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
            .send(new ListedMessages(messages), pace, ProgressListener.NONE);
    assertThat(report.failed()).isZero();
    sent.addAll(messages);
  }

  /** Notes messages that the test has sent by itself. */
  void noteSent(List<Message> messages) {
    sent.addAll(messages);
  }

  /** Waits until the job has decided on everything that was sent. */
  void awaitAllDecided() {
    awaitDecided(sent.size());
  }

  void awaitDecided(long count) {
    Await.until(
        count + " messages are decided",
        TIMEOUT,
        () -> cluster.requireHealthy(job),
        () -> figures().decided() >= count);
  }

  void await(String what, java.util.function.BooleanSupplier answer) {
    Await.until(what, TIMEOUT, () -> cluster.requireHealthy(job), answer);
  }

  JobFigures figures() {
    return cluster.flink().figures(job);
  }

  int restarts() {
    return cluster.flink().restarts(job);
  }

  /** The number of restores, which is never stale, unlike the metric of restarts. */
  int restores() {
    return cluster.flink().restores(job);
  }

  Optional<Long> lastCheckpoint() {
    return cluster.flink().lastCheckpoint(job);
  }

  String savepoint() {
    long decided = figures().decided();
    return noted(cluster.savepoint(job), decided);
  }

  String stop(boolean drain) {
    long decided = figures().decided();
    return noted(cluster.stop(job, drain, () -> {}), decided);
  }

  /** Stops the job with a savepoint in some store. */
  String stopInto(String savepoints, boolean drain) {
    long decided = figures().decided();
    return noted(cluster.stop(job, savepoints, drain, () -> {}), decided);
  }

  private String noted(String savepoint, long decided) {
    decidedAt.put(savepoint, decided);
    return savepoint;
  }

  /** The judge's verdict; replayed messages count as sent. */
  Verdict judge() {
    return new Judge().judge(request(cluster.warehouse()));
  }

  /** The judge's verdict on a job with a mapping. */
  Verdict judge(RecordMapping mapping) {
    JudgeRequest byDefault = request(cluster.warehouse());
    return new Judge()
        .judge(
            new JudgeRequest(
                byDefault.warehouse(),
                byDefault.sent(),
                byDefault.brokers(),
                byDefault.rejectedTopic(),
                mapping,
                byDefault.dedupWindow(),
                byDefault.blockInterval(),
                byDefault.batchLength(),
                byDefault.handedOff(),
                byDefault.progress()));
  }

  /** The judge's verdict on the metadata file of a table with batches of this length. */
  Verdict judge(String metadataFile, Duration batchLength) {
    JudgeRequest byDefault = request(metadataFile);
    return new Judge()
        .judge(
            new JudgeRequest(
                byDefault.warehouse(),
                byDefault.sent(),
                byDefault.brokers(),
                byDefault.rejectedTopic(),
                byDefault.mapping(),
                byDefault.dedupWindow(),
                byDefault.blockInterval(),
                batchLength,
                byDefault.handedOff(),
                byDefault.progress()));
  }

  private JudgeRequest request(String warehouse) {
    return JudgeRequest.of(
        warehouse,
        new MessagesThen(
            new ListedMessages(sent),
            Replay.sentTo(Brokers.at(cluster.bootstrapServers()), LocalCluster.EVENTS)),
        cluster.bootstrapServers(),
        LocalCluster.REJECTED);
  }

  /** The rows of a query in a session of its own. */
  List<JsonNode> ask(String query) {
    try (SqlSession session = cluster.sql().open()) {
      return ask(session, query);
    }
  }

  /** The rows of a query in a session. */
  static List<JsonNode> ask(SqlSession session, String query) {
    List<JsonNode> rows = new ArrayList<>();
    session.execute(query, rows::add);
    return rows;
  }

  LocalCluster processes() {
    return cluster;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
