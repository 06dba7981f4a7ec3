package io.nova.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Flink's REST interface, read only. For any thread. */
public final class FlinkRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(45);
  private static final int ATTEMPTS = 3;

  /** A JobManager that was started again knows its jobs after some seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final long PAUSE_MILLIS = 500;
  private static final Set<Integer> NOT_YET = Set.of(404, 500, 503);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI address;
  private final @Nullable Runnable meanwhile;
  private final Duration timeout;
  private final int attempts;

  private FlinkRest(URI address, @Nullable Runnable meanwhile, Duration timeout, int attempts) {
    this.address = address;
    this.meanwhile = meanwhile;
    this.timeout = timeout;
    this.attempts = attempts;
  }

  /**
   * For the JobManager at this address.
   *
   * @param address such as {@code http://127.0.0.1:8081}
   */
  public FlinkRest(URI address) {
    this(address, null, TIMEOUT, ATTEMPTS);
  }

  /**
   * For the same JobManager, which may be started again. Requests wait up to two minutes until it
   * answers and knows the job.
   *
   * @param during called while a request waits; it may throw to give up
   */
  FlinkRest patient(Runnable during) {
    return new FlinkRest(address, during, timeout, attempts);
  }

  /** For the JobManager of a local cluster. */
  public static FlinkRest onPort(int port) {
    return new FlinkRest(URI.create("http://127.0.0.1:" + port));
  }

  /**
   * A job of the cluster.
   *
   * @param id its id
   * @param name its name
   * @param state Flink's word for its state, such as RUNNING
   */
  public record Job(String id, String name, String state) {
    /** Whether the job has ended for good. */
    public boolean ended() {
      return List.of("FINISHED", "FAILED", "CANCELED").contains(state);
    }

    /** Whether the job has ended as it was asked to. */
    public boolean done() {
      return ended() && !state.equals("FAILED");
    }
  }

  /** All jobs that the JobManager remembers. */
  public List<Job> jobs() {
    return children(get("/jobs/overview").path("jobs"))
        .map(job -> new Job(text(job, "jid"), text(job, "name"), text(job, "state")))
        .toList();
  }

  /** One job. */
  public Optional<Job> job(String id) {
    return jobs().stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /**
   * When a job was created on the JobManager and when it ended.
   *
   * @param end empty while it runs
   */
  public record Lifetime(Instant start, Optional<Instant> end) {}

  /** The lifetime of a job; empty if the JobManager does not know the job. */
  public Optional<Lifetime> lifetime(String id) {
    return children(get("/jobs/overview").path("jobs"))
        .filter(job -> text(job, "jid").equals(id))
        .map(
            job ->
                new Lifetime(
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    Optional.of(job.path("end-time").asLong())
                        .filter(millis -> millis > 0)
                        .map(Instant::ofEpochMilli)))
        .findFirst();
  }

  /** The number of registered TaskManagers; empty when the JobManager does not answer. */
  public Optional<Integer> taskManagers() {
    try {
      return Optional.of(get("/overview").path("taskmanagers").asInt());
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** The stack trace of the job's last failure. */
  public Optional<String> lastFailure(String job) {
    JsonNode history = get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries");
    return children(history).map(entry -> text(entry, "stacktrace")).findFirst();
  }

  /** The time of the job's last failure and its root cause, in one line. */
  public Optional<String> lastFailureLine(String job) {
    JsonNode history = get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries");
    return children(history)
        .map(
            entry ->
                "%s %s"
                    .formatted(
                        Instant.ofEpochMilli(entry.path("timestamp").asLong()),
                        RootCause.of(text(entry, "stacktrace"))))
        .findFirst();
  }

  /** How often Flink has restarted the job. */
  public int restarts(String job) {
    JsonNode metrics = get("/jobs/" + job + "/metrics?get=numRestarts");
    return children(metrics).map(metric -> metric.path("value").asInt()).findFirst().orElse(0);
  }

  /** How often the job was restored from a checkpoint or savepoint, at its start as well. */
  public int restores(String job) {
    return get("/jobs/" + job + "/checkpoints").path("counts").path("restored").asInt();
  }

  /** The id of the last completed checkpoint. */
  public Optional<Long> lastCheckpoint(String job) {
    JsonNode last =
        get("/jobs/" + job + "/checkpoints").path("latest").path("completed").path("id");
    return last.isNumber() ? Optional.of(last.asLong()) : Optional.empty();
  }

  /** When the last completed checkpoint was begun. */
  public Optional<Instant> lastCheckpointBegun(String job) {
    JsonNode begun =
        get("/jobs/" + job + "/checkpoints")
            .path("latest")
            .path("completed")
            .path("trigger_timestamp");
    return begun.isNumber() ? Optional.of(Instant.ofEpochMilli(begun.asLong())) : Optional.empty();
  }

  /** The size of the state of the last completed checkpoint, in bytes. */
  public OptionalLong stateBytes(String job) {
    JsonNode last = get("/jobs/" + job + "/checkpoints").path("latest").path("completed");
    return last.has("state_size")
        ? OptionalLong.of(last.path("state_size").asLong())
        : OptionalLong.empty();
  }

  /**
   * The greatest value over all subtasks of one of Nova's gauges.
   *
   * @param gauge its name, such as {@code memoryUsedBytes}
   */
  public OptionalLong greatest(String job, String gauge) {
    return children(get("/jobs/" + job).path("vertices"))
        .map(vertex -> "/jobs/" + job + "/vertices/" + text(vertex, "id") + "/subtasks/metrics")
        .flatMap(
            metrics ->
                children(get(metrics))
                    .map(metric -> text(metric, "id"))
                    .filter(id -> id.endsWith("." + gauge))
                    .flatMap(id -> children(get(metrics + "?agg=max&get=" + id))))
        .mapToLong(metric -> Math.round(metric.path("max").asDouble()))
        .max();
  }

  /** Whether the job has tasks, and all of them run. */
  public boolean allTasksRun(String job) {
    List<JsonNode> vertices = children(get("/jobs/" + job).path("vertices")).toList();
    return !vertices.isEmpty()
        && vertices.stream().allMatch(vertex -> text(vertex, "status").equals("RUNNING"));
  }

  /** The job's counters. */
  public JobFigures figures(String job) {
    return metrics(job).figures();
  }

  /** All of Nova's metrics of a job. */
  public JobMetrics metrics(String job) {
    return JobMetrics.read(this, job);
  }

  /**
   * A completed checkpoint.
   *
   * @param id its id
   * @param begun when it was begun
   * @param duration how long it took
   * @param stateBytes the size of its state
   */
  public record Checkpoint(long id, Instant begun, Duration duration, long stateBytes) {}

  /** The last completed checkpoint or savepoint. */
  public Optional<Checkpoint> checkpoint(String job) {
    JsonNode last = get("/jobs/" + job + "/checkpoints").path("latest").path("completed");
    return last.has("trigger_timestamp")
        ? Optional.of(
            new Checkpoint(
                last.path("id").asLong(),
                Instant.ofEpochMilli(last.path("trigger_timestamp").asLong()),
                Duration.ofMillis(last.path("end_to_end_duration").asLong()),
                last.path("state_size").asLong()))
        : Optional.empty();
  }

  /** The same JobManager, with another time limit for each request, and without retries. */
  public FlinkRest within(Duration time) {
    return new FlinkRest(address, meanwhile, time, 1);
  }

  /**
   * Asks a job to stop with a drain, and does not wait for it.
   *
   * @param savepoints the folder of the savepoint
   * @throws CommandException when Flink refuses
   */
  public void drain(String job, Path savepoints) {
    ObjectNode body = JSON.createObjectNode();
    body.put("drain", true).put("targetDirectory", savepoints.toUri().toString());
    String path = "/jobs/%s/stop".formatted(job);
    ask(
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())),
        path);
  }

  /**
   * The JSON of one path.
   *
   * @throws CommandException when the answer is not one of success
   */
  JsonNode get(String path) {
    return ask(HttpRequest.newBuilder(address.resolve(path)), path);
  }

  private JsonNode ask(HttpRequest.Builder request, String path) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        boolean last = meanwhile == null || System.nanoTime() > deadline;
        Optional<JsonNode> answer = answer(request.timeout(timeout).build(), path, last);
        if (answer.isPresent()) {
          return answer.get();
        }
        Objects.requireNonNull(meanwhile).run();
        Await.pause(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      throw new CommandException("Flink at %s does not answer: %s".formatted(address, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while asking Flink.", e);
    }
  }

  /** The answer; empty if there is none yet and this is not the last attempt. */
  private Optional<JsonNode> answer(HttpRequest request, String path, boolean last)
      throws IOException, InterruptedException {
    try {
      HttpResponse<String> response = send(request);
      if (response.statusCode() / 100 == 2) {
        return Optional.of(JSON.readTree(response.body()));
      }
      if (!last && NOT_YET.contains(response.statusCode())) {
        return Optional.empty();
      }
      throw new CommandException(
          "Flink at %s answered %d to %s: %s"
              .formatted(address, response.statusCode(), path, response.body()));
    } catch (IOException e) {
      if (last) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Retries after a timeout, because a busy machine answers late, but not without a connection. */
  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return http.send(request, BodyHandlers.ofString());
      } catch (HttpTimeoutException e) {
        if (attempt == attempts) {
          throw e;
        }
      }
    }
  }

  /** A setting of the JobManager's configuration file; empty if the file does not have it. */
  public Optional<String> setting(String key) {
    return children(get("/jobmanager/config"))
        .filter(each -> text(each, "key").equals(key))
        .map(each -> text(each, "value"))
        .findFirst();
  }

  /** The elements of a JSON array. */
  static Stream<JsonNode> children(JsonNode node) {
    return node.valueStream();
  }

  /** A member of a JSON object as text. */
  static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
