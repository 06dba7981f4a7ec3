package io.nova.bench.side;

import io.nova.bench.event.BenchEvents;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.workload.input.Messages;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileUtil;

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
    return start(Distribution.ofThisProject(), ClusterOptions.in(folder));
  }

  /**
   * Starts a cluster with more memory for classes. Each query of the peer loads the classes of its
   * jar anew, and Hadoop's cache of constructors keeps them. After about 25 queries Nova's
   * TaskManagers would have no memory left for classes. The console runs beside it.
   */
  public static BenchCluster startForQueries(Path folder) {
    ClusterOptions usual = ClusterOptions.in(folder);
    ClusterOptions.Memory memory =
        new ClusterOptions.Memory(
            usual.memory().broker(), usual.memory().jobManager(), "3584m", "1024m");
    return start(
        withManyClasses(),
        new ClusterOptions(
            usual.folder(),
            usual.ports(),
            memory,
            usual.taskManagers(),
            usual.slots(),
            usual.parallelism(),
            Set.of(ClusterOptions.Extra.CONSOLE)));
  }

  /** The distribution of this project with another config.yaml. */
  private static Distribution withManyClasses() {
    Path from = Distribution.ofThisProject().root();
    Path to = target().resolve("distribution");
    try {
      FileUtil.fullyDelete(to.toFile());
      Files.createDirectories(to.resolve("conf"));
      for (String part : List.of("flink", "kafka", "jobs", "launcher", "console")) {
        Files.createSymbolicLink(to.resolve(part), from.resolve(part));
      }
      for (String name : List.of("config.yaml", "log4j.properties", "server.properties")) {
        Files.writeString(
            to.resolve("conf").resolve(name),
            Files.readString(from.resolve("conf").resolve(name))
                .replaceFirst("(jvm-metaspace\\.size): \\w+", "$1: 1408m"));
      }
      return new Distribution(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BenchCluster start(Distribution distribution, ClusterOptions options) {
    return new BenchCluster(
        LocalCluster.start(
            distribution, options, true, BenchEvents.PARTITIONS, BenchCluster::progress));
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
    SendReport report = send(events, Pace.UNPACED);
    return (double) report.sentBytes() / report.sent();
  }

  /**
   * Sends all messages at a pace.
   *
   * @throws CommandException if the broker has not accepted each of them
   */
  SendReport send(Messages messages, Pace pace) {
    SendReport report =
        new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
            .send(messages, pace, ProgressListener.NONE);
    if (!report.allSent()) {
      throw new CommandException(
          "Sending %s: %,d messages are on the topic, %,d failed: %s. Nothing was measured."
              .formatted(messages.name(), report.sent(), report.failed(), report.failures()));
    }
    return report;
  }

  /** The cluster itself. */
  public LocalCluster local() {
    return cluster;
  }

  /**
   * The console beside the cluster.
   *
   * @throws CommandException if it does not run
   */
  public ConsoleFile console() {
    return cluster
        .console()
        .orElseThrow(() -> new CommandException("The console does not run. Nothing was measured."));
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

  /** Ends the cluster and deletes its data, many gigabytes of them. The logs stay. */
  public void clear() {
    close();
    WorkFolder folder = cluster.options().folder();
    for (Path part :
        List.of(
            folder.dir().resolve("kafka"),
            folder.dir().resolve("checkpoints"),
            folder.savepoints(),
            folder.warehouse(),
            folder.tmp())) {
      FileUtil.fullyDelete(part.toFile());
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
