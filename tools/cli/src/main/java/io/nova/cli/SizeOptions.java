package io.nova.cli;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.WorkFolder;
import picocli.CommandLine.Option;

/** Options for the ports, the memory and the number of the local cluster's processes. */
final class SizeOptions {
  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "The broker (default: ${DEFAULT-VALUE}; 0 = a free port, as for all ports).")
  private int kafka = 9092;

  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      description = "Flink's web page and REST (default: ${DEFAULT-VALUE}).")
  private int rest = 8081;

  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      description = "The SQL gateway (default: ${DEFAULT-VALUE}).")
  private int gateway = 8083;

  @Option(
      names = "--controller-port",
      paramLabel = "PORT",
      description = "The broker's controller (default: a free port).")
  private int controller = 0;

  @Option(
      names = "--jobmanager-port",
      paramLabel = "PORT",
      description = "Flink's own messages (default: a free port).")
  private int jobManager = 0;

  @Option(
      names = "--broker-memory",
      paramLabel = "SIZE",
      description = "Heap of the broker (default: ${DEFAULT-VALUE}).")
  private String brokerMemory = "512m";

  @Option(
      names = "--jobmanager-memory",
      paramLabel = "SIZE",
      description = "The JobManager's process (default: ${DEFAULT-VALUE}).")
  private String jobManagerMemory = "1024m";

  @Option(
      names = "--taskmanager-memory",
      paramLabel = "SIZE",
      description = "Each TaskManager's process; RocksDB gets a third (default: ${DEFAULT-VALUE}).")
  private String taskManagerMemory = "2560m";

  @Option(
      names = "--gateway-memory",
      paramLabel = "SIZE",
      description = "Heap of the SQL gateway (default: ${DEFAULT-VALUE}).")
  private String gatewayMemory = "512m";

  @Option(
      names = "--taskmanagers",
      paramLabel = "N",
      description = "TaskManagers (default: ${DEFAULT-VALUE}).")
  private int taskManagers = 2;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Slots of each TaskManager (default: ${DEFAULT-VALUE}); SQL queries run in those that"
              + " the job leaves free.")
  private int slots = 2;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "The job's parallelism (default: ${DEFAULT-VALUE}).")
  private int parallelism = 2;

  ClusterOptions in(WorkFolder folder) {
    return new ClusterOptions(
        folder,
        new Ports(kafka, controller, rest, jobManager, gateway),
        new ClusterOptions.Memory(brokerMemory, jobManagerMemory, taskManagerMemory, gatewayMemory),
        taskManagers,
        slots,
        parallelism);
  }
}
