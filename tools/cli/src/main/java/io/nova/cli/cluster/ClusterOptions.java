package io.nova.cli.cluster;

import io.nova.cli.process.WorkFolder;
import java.nio.file.Path;

/**
 * What a local cluster is made of.
 *
 * @param folder where it works
 * @param ports its ports; 0 is a free one
 * @param memory its memory
 * @param taskManagers how many TaskManagers to start
 * @param slots task slots of each of them
 * @param parallelism the default parallelism of jobs
 */
public record ClusterOptions(
    WorkFolder folder, Ports ports, Memory memory, int taskManagers, int slots, int parallelism) {
  public ClusterOptions {
    if (taskManagers < 1 || slots < 1 || parallelism < 1) {
      throw new IllegalArgumentException(
          "%d TaskManagers, %d slots, parallelism %d: expected 1 or more of each"
              .formatted(taskManagers, slots, parallelism));
    }
  }

  /** Two TaskManagers of two slots, parallelism 2, on free ports. */
  public static ClusterOptions in(Path dir) {
    return new ClusterOptions(new WorkFolder(dir), Ports.FREE, Memory.DEFAULTS, 2, 2, 2);
  }

  /** The same on other ports. */
  public ClusterOptions withPorts(Ports others) {
    return new ClusterOptions(folder, others, memory, taskManagers, slots, parallelism);
  }

  /**
   * Memory, each in Flink's and Java's notation, such as {@code 2560m}.
   *
   * @param broker the broker's heap
   * @param jobManager the JobManager's process
   * @param taskManager each TaskManager's process, of which RocksDB has a third
   * @param gateway the SQL gateway's heap
   */
  public record Memory(String broker, String jobManager, String taskManager, String gateway) {
    /** Fits a laptop of 16 GB. */
    public static final Memory DEFAULTS = new Memory("512m", "1024m", "2560m", "512m");
  }
}
