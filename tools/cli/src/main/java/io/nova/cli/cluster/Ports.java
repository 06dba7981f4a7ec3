package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of one local cluster, all on 127.0.0.1. In what the user asks for, 0 stands for one
 * that is free; {@link #resolved} has none left.
 *
 * @param kafka the broker
 * @param controller the broker's controller
 * @param rest Flink's REST and web page
 * @param jobManager Flink's own messages
 * @param gateway the SQL gateway
 */
public record Ports(int kafka, int controller, int rest, int jobManager, int gateway) {
  /** 9092, 8081 and 8083 for those that people type; free ones for the others. */
  public static final Ports DEFAULTS = new Ports(9092, 0, 8081, 0, 8083);

  /** All of them free ones: clusters that are started so do not meet. */
  public static final Ports FREE = new Ports(0, 0, 0, 0, 0);

  /**
   * Finds free ports for the zeros.
   *
   * @throws CommandException when a port that was asked for is in use; it names the option
   */
  public Ports resolved() {
    return new Ports(
        resolve(kafka, "--kafka-port"),
        resolve(controller, "--controller-port"),
        resolve(rest, "--rest-port"),
        resolve(jobManager, "--jobmanager-port"),
        resolve(gateway, "--gateway-port"));
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
   * Drawn at random and below the range from which systems take the ports of outgoing connections:
   * the port must still be free when the process that it is for binds it, seconds later.
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
