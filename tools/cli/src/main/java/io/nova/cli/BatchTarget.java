package io.nova.cli;

import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlGateway;
import io.nova.handoff.BatchName;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.KafkaRequestTopic;
import io.nova.kafka.batches.client.LateEvents;
import io.nova.kafka.batches.client.RequestTopic;
import io.nova.workload.topic.Brokers;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name the job: its warehouse, its broker and its topics. */
public final class BatchTarget {
  @Mixin private BrokerOption broker = new BrokerOption();
  @Mixin private RejectedTopicOption rejected = new RejectedTopicOption();

  @Option(
      names = "--batches-topic",
      paramLabel = "TOPIC",
      description = "The topic of requests to the job (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.BATCHES)
  private String topic = "";

  @Option(
      names = "--warehouse",
      paramLabel = "FOLDER",
      description = "The warehouse (default: that of the last run in the working folder).")
  private String warehouse = "";

  @Option(
      names = "--catalog",
      paramLabel = "KEY=VALUE",
      description =
          "An option of the job's catalog without nova.catalog., such as type=jdbc. Repeatable"
              + " (default: the Hadoop catalog).")
  private Map<String, String> catalog = Map.of();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long to wait for the job's answer (default: ${DEFAULT-VALUE}).",
      defaultValue = "120")
  private int waitSeconds = 120;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /** Whether the output is JSON. */
  public boolean json() {
    return json;
  }

  /**
   * How long to wait.
   *
   * @throws ParameterException if the option is negative
   */
  public Duration longestWait() {
    if (waitSeconds < 0) {
      throw misused("--wait: found %d, expected seconds, 0 or more.".formatted(waitSeconds));
    }
    return Duration.ofSeconds(waitSeconds);
  }

  /**
   * The table.
   *
   * @throws CommandException if the job has not made it, or the catalog cannot be opened
   */
  public EventTable table() {
    CatalogAddress address = catalog();
    try {
      return EventTable.find(address)
          .orElseThrow(
              () ->
                  new CommandException(
                      "Warehouse %s has no table nova.events. The job makes it when it starts. Nothing was done."
                          .formatted(address.warehouse())));
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The warehouse and its catalog.
   *
   * @throws ParameterException if an option of the catalog is wrong
   */
  public CatalogAddress catalog() {
    try {
      return CatalogAddress.of("--catalog ", warehouse(), catalog);
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The warehouse.
   *
   * @throws CommandException if none is named, and nothing has run in the working folder
   */
  public String warehouse() {
    return warehouse.isEmpty()
        ? RunFile.in(broker.folder())
            .map(RunFile::warehouse)
            .orElseThrow(
                () ->
                    new CommandException(
                        "Nothing has run in %s. Name its folder with --dir, or a warehouse with --warehouse."
                            .formatted(broker.folder().dir())))
        : warehouse;
  }

  /**
   * The number of a batch that the user names.
   *
   * @throws ParameterException if no batch has that name
   */
  public long batch(EventTable table, String name) {
    try {
      return BatchName.parse(name, table.rules().batchLength());
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
  }

  /** A wrong use of the command. */
  public ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The options of the job in the working folder; none if no job there wrote the warehouse. */
  public Map<String, String> jobOptions() {
    String location = warehouse();
    return RunFile.in(broker.folder())
        .filter(run -> run.warehouse().equals(location))
        .map(RunFile::jobOptions)
        .orElse(Map.of());
  }

  /**
   * The SQL gateway of the working folder.
   *
   * @throws CommandException when nothing runs there
   */
  public SqlGateway gateway() {
    return SqlGateway.onPort(RunFile.running(broker.folder()).ports().gateway());
  }

  /**
   * The topic of requests to the job.
   *
   * @throws CommandException when no broker was given and none runs in the working folder
   */
  public RequestTopic requests() {
    Brokers brokers = broker.brokers();
    return new KafkaRequestTopic(brokers.bootstrapServers(), topic, brokers.settings());
  }

  /**
   * The reader of late events.
   *
   * @throws CommandException when no broker was given and none runs in the working folder
   */
  public LateEvents lateEvents() {
    Brokers brokers = broker.brokers();
    return new LateEvents(brokers.bootstrapServers(), rejected.topic(), brokers.settings());
  }

  /**
   * The brokers, with the settings of their clients.
   *
   * @throws CommandException when no broker was given and none runs in the working folder
   */
  public Brokers brokers() {
    return broker.brokers();
  }

  /** The topic of rejected messages. */
  public String rejectedTopic() {
    return rejected.topic();
  }

  /** The working folder. */
  public WorkFolder folder() {
    return broker.folder();
  }
}
