package io.nova.cli;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.WorkFolder;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for ports, memory and number of the local cluster's processes. */
final class SizeOptions {
  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description =
          "Port of the broker (default: ${DEFAULT-VALUE}); for every port, 0 is a free one.")
  private int kafka = 9092;

  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      description = "Port of Flink's web page and REST interface (default: ${DEFAULT-VALUE}).")
  private int rest = 8081;

  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      description = "Port of the SQL gateway (default: ${DEFAULT-VALUE}).")
  private int gateway = 8083;

  @Option(
      names = "--controller-port",
      paramLabel = "PORT",
      description = "Port of the broker's controller (default: a free one).")
  private int controller = 0;

  @Option(
      names = "--jobmanager-port",
      paramLabel = "PORT",
      description = "Port of the JobManager for Flink's own messages (default: a free one).")
  private int jobManager = 0;

  @Option(
      names = "--metrics",
      description =
          "Flink's processes serve their metrics for Prometheus. Their ports are open on every"
              + " address of this machine.")
  private boolean metrics;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "With --metrics, the first of 32 ports. Each process takes a free one (default:"
              + " ${DEFAULT-VALUE}).")
  private int metricsPort = 9250;

  @Option(
      names = "--ha",
      description =
          "High availability: start ZooKeeper too, and start a dead JobManager again. The job goes"
              + " on by itself.")
  private boolean highAvailability;

  @Option(
      names = "--zookeeper-port",
      paramLabel = "PORT",
      description = "Port of ZooKeeper (default: a free one).")
  private int zookeeper = 0;

  @Option(
      names = "--console",
      negatable = true,
      description = "Start the console too (default: yes, but not with --once or --days).")
  private @Nullable Boolean console;

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      description = "Port of the console (default: ${DEFAULT-VALUE}).")
  private int consolePort = Ports.CONSOLE;

  @Option(
      names = "--broker-memory",
      paramLabel = "SIZE",
      description = "Heap of the broker (default: ${DEFAULT-VALUE}).")
  private String brokerMemory = "512m";

  @Option(
      names = "--jobmanager-memory",
      paramLabel = "SIZE",
      description = "Memory of the JobManager's process (default: ${DEFAULT-VALUE}).")
  private String jobManagerMemory = "1024m";

  @Option(
      names = "--taskmanager-memory",
      paramLabel = "SIZE",
      description =
          "Memory of each TaskManager's process; RocksDB gets a third (default:"
              + " ${DEFAULT-VALUE}).")
  private String taskManagerMemory = "2560m";

  @Option(
      names = "--gateway-memory",
      paramLabel = "SIZE",
      description = "Heap of the SQL gateway (default: ${DEFAULT-VALUE}).")
  private String gatewayMemory = "512m";

  @Option(
      names = "--taskmanagers",
      paramLabel = "N",
      description = "Number of TaskManagers (default: ${DEFAULT-VALUE}).")
  private int taskManagers = 2;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Task slots of each TaskManager (default: ${DEFAULT-VALUE}). SQL queries run in the slots"
              + " that the job leaves free.")
  private int slots = 2;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Parallelism of the job (default: ${DEFAULT-VALUE}).")
  private int parallelism = 2;

  /**
   * The options of a cluster in this folder.
   *
   * @param stays whether the cluster stays after its events were sent; it then has a console unless
   *     the user says otherwise
   */
  ClusterOptions in(WorkFolder folder, boolean stays) {
    boolean hasConsole = console == null ? stays : console;
    return new ClusterOptions(
        folder,
        new Ports(
            kafka,
            controller,
            rest,
            jobManager,
            gateway,
            metricsPort,
            zookeeper,
            hasConsole ? consolePort : 0),
        new ClusterOptions.Memory(brokerMemory, jobManagerMemory, taskManagerMemory, gatewayMemory),
        taskManagers,
        slots,
        parallelism,
        extras(hasConsole));
  }

  private Set<Extra> extras(boolean hasConsole) {
    EnumSet<Extra> extras = EnumSet.noneOf(Extra.class);
    if (metrics) {
      extras.add(Extra.PROMETHEUS);
    }
    if (highAvailability) {
      extras.add(Extra.HIGH_AVAILABILITY);
    }
    if (hasConsole) {
      extras.add(Extra.CONSOLE);
    }
    return extras;
  }
}
