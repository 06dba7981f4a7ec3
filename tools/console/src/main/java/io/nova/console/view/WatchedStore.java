package io.nova.console.view;

import io.nova.cli.BatchTarget;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.run.JobOptions;
import io.nova.cli.sql.SqlGateway;
import io.nova.console.ask.topic.AskTopics;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.RequestTopic;
import io.nova.workload.topic.Brokers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the console watches: job, gateway and table of a working folder, or those that the user
 * names. A cluster may start, end and start again on other ports meanwhile, so every call looks
 * again. Thread-safe.
 */
public final class WatchedStore {
  private static final String JOB_NAME = "nova";
  private static final String INTERNAL_TLS = "security.ssl.internal.enabled";
  private static final Duration FLINK_TIMEOUT = Duration.ofSeconds(4);

  private final BatchTarget target;
  private final @Nullable URI flink;
  private final @Nullable URI gateway;

  private volatile @Nullable FlinkAt lastFlink;

  private record FlinkAt(URI address, FlinkRest rest) {}

  /**
   * A store.
   *
   * @param flink the JobManager; null for that of the working folder
   * @param gateway the SQL gateway; null for that of the working folder
   */
  public WatchedStore(BatchTarget target, @Nullable URI flink, @Nullable URI gateway) {
    this.target = target;
    this.flink = flink;
    this.gateway = gateway;
  }

  /** The working folder. */
  public WorkFolder folder() {
    return target.folder();
  }

  /** The run of the working folder; empty if nothing has run there. */
  public Optional<RunFile> run() {
    return RunFile.in(folder());
  }

  /** The processes of the working folder, dead ones too. */
  public List<OwnProcess> processes() {
    return run().map(RunFile::processes).orElse(List.of());
  }

  /** Whether there may be a job: one of a living cluster, or one at an address. */
  public boolean hasCluster() {
    return flink != null || run().filter(it -> !it.alive().isEmpty()).isPresent();
  }

  /**
   * The JobManager, with short time limits.
   *
   * @throws CommandException if nothing runs in the working folder
   */
  public FlinkRest flink() {
    URI address = flink == null ? local(RunFile.running(folder()).ports().rest()) : flink;
    FlinkAt last = lastFlink;
    if (last == null || !last.address().equals(address)) {
      last = new FlinkAt(address, new FlinkRest(address).within(FLINK_TIMEOUT));
      lastFlink = last;
    }
    return last.rest();
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * The job: that of the working folder, else the first one of this name.
   *
   * @throws CommandException if Flink does not answer
   */
  public Optional<FlinkRest.Job> job() {
    String known = flink == null ? run().map(RunFile::job).orElse("") : "";
    List<FlinkRest.Job> jobs = flink().jobs();
    return jobs.stream()
        .filter(job -> known.isEmpty() ? job.name().equals(JOB_NAME) : job.id().equals(known))
        .findFirst();
  }

  /**
   * The SQL gateway.
   *
   * @throws CommandException if nothing runs in the working folder
   */
  public SqlGateway gateway() {
    return gateway == null ? target.gateway() : new SqlGateway(gateway);
  }

  /**
   * The table.
   *
   * @throws CommandException if there is none, or its store does not answer
   */
  public EventTable table() {
    return target.table();
  }

  /** The topic of requests to the job. */
  public RequestTopic requests() {
    return target.requests();
  }

  /** How long to wait for the job's answer to a request. */
  public Duration longestWait() {
    return target.longestWait();
  }

  /** The user's options of the job; none for a job outside of the working folder. */
  public JobOptions jobOptions() {
    try {
      return new JobOptions(target.jobOptions());
    } catch (CommandException noWarehouse) {
      return new JobOptions(Map.of());
    }
  }

  /**
   * What an engine of the fast path depends on. A new run in the working folder replaces the table.
   *
   * @param run when the launcher of the run started, in milliseconds since 1970; 0 without a run
   * @param catalog the warehouse and its catalog
   * @param topics the topics of rejected messages and duplicates; empty if no broker is known
   * @param liveToken the token of the live servers; may be empty
   */
  public record Identity(
      long run, CatalogAddress catalog, Optional<AskTopics> topics, String liveToken) {
    /** Without the token, which is no text for logs. */
    @Override
    public String toString() {
      return "store %s of run %d".formatted(catalog, run);
    }
  }

  /**
   * The store at this moment.
   *
   * @throws CommandException if no warehouse is named, and nothing has run in the working folder
   */
  public Identity identity() {
    long run = processes().stream().mapToLong(OwnProcess::startedMillis).findFirst().orElse(0);
    return new Identity(
        run, target.catalog(), topics(), liveToken(jobOptions().values(), folder().dir()));
  }

  /**
   * The token of the live servers, as the job reads it; may be empty.
   *
   * @param base the folder in which the job was submitted
   * @throws CommandException if its file cannot be read
   */
  static String liveToken(Map<String, String> options, Path base) {
    String file = options.getOrDefault("nova.live.token-file", "");
    if (file.isBlank()) {
      return options.getOrDefault("nova.live.token", "");
    }
    try {
      return Files.readString(base.resolve(file)).strip();
    } catch (IOException | InvalidPathException e) {
      throw new CommandException(
          "nova.live.token-file: found %s (%s), expected a file that the console can read. The live servers were not asked."
              .formatted(file, e),
          e);
    }
  }

  /** Whether Flink's internal TLS is on, so that the live servers speak TLS; false if unknown. */
  public boolean hasInternalTls() {
    try {
      return flink().setting(INTERNAL_TLS).filter("true"::equalsIgnoreCase).isPresent();
    } catch (CommandException unknown) {
      return false;
    }
  }

  private Optional<AskTopics> topics() {
    try {
      Brokers brokers = target.brokers();
      return Optional.of(
          new AskTopics(
              brokers.bootstrapServers(),
              target.rejectedTopic(),
              jobOptions()
                  .values()
                  .getOrDefault("nova.kafka.duplicates-topic", LocalCluster.DUPLICATES),
              brokers.settings()));
    } catch (CommandException noBroker) {
      return Optional.empty();
    }
  }

  /**
   * The brokers.
   *
   * @throws CommandException if none was named and none runs in the working folder
   */
  public Brokers brokers() {
    return target.brokers();
  }

  /** The topic of rejected messages. */
  public String rejectedTopic() {
    return target.rejectedTopic();
  }

  /** The topic of events. */
  public String eventsTopic() {
    return jobOptions().values().getOrDefault("nova.kafka.topic", LocalCluster.EVENTS);
  }

  BatchTarget target() {
    return target;
  }
}
