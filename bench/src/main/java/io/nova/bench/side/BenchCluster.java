package io.nova.bench.side;

import io.nova.bench.event.BenchEvents;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A local cluster of two TaskManagers of two slots, and its topic of four partitions. It ends with
 * {@link #close}, and with this JVM. Not thread safe.
 */
public final class BenchCluster implements AutoCloseable {
  /** Parallelism of every job. */
  public static final int PARALLELISM = 2;

  private final LocalCluster cluster;

  private BenchCluster(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts a cluster on free ports. Data of an earlier run in the folder is removed. */
  public static BenchCluster start(Path folder) {
    return new BenchCluster(
        LocalCluster.start(
            Distribution.ofThisProject(),
            ClusterOptions.in(folder),
            true,
            BenchEvents.PARTITIONS,
            BenchCluster::progress));
  }

  /** Shows a step on standard error. */
  static void progress(String text, Object... values) {
    System.err.println("  " + String.format(Locale.ROOT, text, values));
  }

  private static void progress(String step) {
    progress("%s", step);
  }

  /**
   * Sends all messages as fast as the broker accepts them.
   *
   * @return the mean size of a message in bytes
   * @throws CommandException if the broker has not accepted each of them
   */
  public double send(BenchEvents events) {
    progress("sending %s", events.name());
    SendReport report =
        new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
            .send(events, Pace.UNPACED, ProgressListener.NONE);
    if (!report.allSent()) {
      throw new CommandException(
          "Sending: %,d of %,d messages are on the topic: %s. Nothing was measured."
              .formatted(report.sent(), events.messages(), report.failures()));
    }
    return (double) report.sentBytes() / report.sent();
  }

  /** The cluster itself. */
  public LocalCluster local() {
    return cluster;
  }

  FlinkRest flink() {
    return cluster.flink();
  }

  /** A connector jar of the peers, as Maven has put it into {@code bench/target/peer}. */
  static Path peerJar(String name) {
    Path jar = target().resolve("peer").resolve(name + ".jar");
    if (!Files.exists(jar)) {
      throw new CommandException(
          "Found no %s, expected a jar that `./nova bench` copies there. Nothing was measured."
              .formatted(jar));
    }
    return jar;
  }

  /** The folder {@code bench/target} of this project. */
  public static Path target() {
    return Path.of(System.getProperty(Distribution.HOME_PROPERTY, ""), "bench", "target")
        .toAbsolutePath();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
