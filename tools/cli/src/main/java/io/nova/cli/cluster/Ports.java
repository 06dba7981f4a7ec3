package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of one local cluster, all on 127.0.0.1. A 0 stands for a free port, until {@link
 * #resolved} has chosen it.
 *
 * @param kafka the broker
 * @param controller the broker's controller
 * @param rest Flink's REST and web page
 * @param jobManager Flink's own messages
 * @param gateway the SQL gateway
 * @param metrics the first of the ports on which Flink's processes serve metrics for Prometheus;
 *     each takes the first of {@value #METRICS_PORTS} ports that is free
 * @param zookeeper ZooKeeper, if the cluster has one
 * @param console the console, if the cluster has one
 */
public record Ports(
    int kafka,
    int controller,
    int rest,
    int jobManager,
    int gateway,
    int metrics,
    int zookeeper,
    int console) {
  /** How many ports there are for metrics, counted from the first. */
  static final int METRICS_PORTS = 32;

  /** The default port of the console. */
  public static final int CONSOLE = 8084;

  /** 9092, 8081, 8083, 8084 and 9250 for the ports that people type; free ones for the others. */
  public static final Ports DEFAULTS = new Ports(9092, 0, 8081, 0, 8083, 9250, 0, CONSOLE);

  /** Free ports only, so that several clusters can run. */
  public static final Ports FREE = new Ports(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * The same ports, with a free one for every 0.
   *
   * @throws CommandException when a port is in use; the message names its option
   */
  public Ports resolved() {
    return new Ports(
        resolve(kafka, "--kafka-port"),
        resolve(controller, "--controller-port"),
        resolve(rest, "--rest-port"),
        resolve(jobManager, "--jobmanager-port"),
        resolve(gateway, "--gateway-port"),
        metrics == 0 ? free() : metrics,
        resolve(zookeeper, "--zookeeper-port"),
        resolve(console, "--console-port"));
  }

  /** The same ports with another one for the console. */
  Ports withConsole(int port) {
    return new Ports(kafka, controller, rest, jobManager, gateway, metrics, zookeeper, port);
  }

  /** The ports for metrics, as Flink's option takes them. */
  String metricsRange() {
    return "%d-%d".formatted(metrics, metrics + METRICS_PORTS - 1);
  }

  private static int resolve(int port, String option) {
    if (port == 0) {
      return free();
    }
    if (!isFree(port)) {
      throw new CommandException(
          "Port %d is in use on 127.0.0.1. Nothing was started; choose another with %s (0 = a free"
                  .formatted(port, option)
              + " one).");
    }
    return port;
  }

  /**
   * A free port, at random. It lies below the range that systems use for outgoing connections: the
   * port must still be free when its process binds it, seconds later.
   */
  private static int free() {
    for (int i = 0; i < 1_000; i++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (isFree(port)) {
        return port;
      }
    }
    throw new CommandException(
        "No free port between 20000 and 32000 on 127.0.0.1. Nothing was started.");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
