package io.nova.cli.cluster;

import io.nova.cli.process.WorkFolder;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The options of a local cluster.
 *
 * @param folder its working folder
 * @param ports its ports; 0 stands for a free one
 * @param memory the memory of its processes
 * @param taskManagers number of TaskManagers
 * @param slots task slots of each of them
 * @param parallelism the default parallelism of jobs
 * @param extras what the cluster has beyond the usual
 */
public record ClusterOptions(
    WorkFolder folder,
    Ports ports,
    Memory memory,
    int taskManagers,
    int slots,
    int parallelism,
    Set<Extra> extras) {
  /** What a cluster may have beyond the usual. */
  public enum Extra {
    /** JobManager and TaskManagers serve their metrics for Prometheus. */
    PROMETHEUS,
    /** ZooKeeper keeps what a JobManager knows, and a dead JobManager is started again. */
    HIGH_AVAILABILITY,
    /** The console runs beside the cluster. */
    CONSOLE
  }

  public ClusterOptions {
    extras = Set.copyOf(extras);
    if (taskManagers < 1 || slots < 1 || parallelism < 1) {
      throw new IllegalArgumentException(
          "%d TaskManagers, %d slots, parallelism %d: expected 1 or more of each"
              .formatted(taskManagers, slots, parallelism));
    }
  }

  /** A cluster without extras. */
  public ClusterOptions(
      WorkFolder folder, Ports ports, Memory memory, int taskManagers, int slots, int parallelism) {
    this(folder, ports, memory, taskManagers, slots, parallelism, Set.of());
  }

  /** Whether the cluster has this. */
  public boolean has(Extra extra) {
    return extras.contains(extra);
  }

  /** The same options without a console and its port. */
  public ClusterOptions withoutConsole() {
    EnumSet<Extra> others = EnumSet.noneOf(Extra.class);
    others.addAll(extras);
    others.remove(Extra.CONSOLE);
    return with(others).withPorts(ports.withConsole(0));
  }

  /** The same options with these extras. */
  public ClusterOptions with(Set<Extra> others) {
    return new ClusterOptions(folder, ports, memory, taskManagers, slots, parallelism, others);
  }

  /** Two TaskManagers of two slots, parallelism 2, on free ports. */
  public static ClusterOptions in(Path dir) {
    return new ClusterOptions(new WorkFolder(dir), Ports.FREE, Memory.DEFAULTS, 2, 2, 2);
  }

  /** The same options with other ports. */
  public ClusterOptions withPorts(Ports others) {
    return new ClusterOptions(folder, others, memory, taskManagers, slots, parallelism, extras);
  }

  /**
   * The memory of each process, in Flink's and Java's notation, such as {@code 2560m}.
   *
   * @param broker the broker's heap
   * @param jobManager the JobManager's process
   * @param taskManager each TaskManager's process, a third of which is for RocksDB
   * @param gateway the SQL gateway's heap
   */
  public record Memory(String broker, String jobManager, String taskManager, String gateway) {
    /** Fits a laptop of 16 GB. */
    public static final Memory DEFAULTS = new Memory("512m", "1024m", "2560m", "512m");
  }
}
