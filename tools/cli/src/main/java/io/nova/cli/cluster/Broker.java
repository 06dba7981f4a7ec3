package io.nova.cli.cluster;

import io.nova.cli.process.Await;
import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A Kafka broker with its controller in one process, and its topics. For one thread. */
final class Broker {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String MAX_MESSAGE_BYTES = "16777216";

  /** The quick compiler only: formatting ends within a second. */
  private static final List<String> OF_FORMAT =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** The system property with one more argument of the broker's JVM, for tests. */
  private static final String JVM_PROPERTY = "nova.broker.jvm";

  private final Distribution distribution;
  private final ClusterOptions options;
  private final Path properties;

  Broker(Distribution distribution, ClusterOptions options) {
    this.distribution = distribution;
    this.options = options;
    this.properties = options.folder().conf().resolve("server.properties");
  }

  /** Formats the broker's folder, if that has not been done, and starts the broker. */
  ChildProcess start() {
    Template.fill(distribution.conf("server.properties"), properties, Template.values(options));
    if (!Files.exists(options.folder().dir().resolve("kafka/meta.properties"))) {
      format();
    }
    ArrayList<String> jvm = new ArrayList<>(List.of("-Xmx" + options.memory().broker()));
    Optional.ofNullable(System.getProperty(JVM_PROPERTY)).ifPresent(jvm::add);
    return command("broker", jvm, "kafka.Kafka", List.of(file())).start(options.folder(), log4j());
  }

  private void format() {
    List<String> arguments =
        List.of("format", "--cluster-id", "bm92YS1sb2NhbC1ub3ZhLQ", "--config", file());
    ChildProcess format =
        command("broker-format", OF_FORMAT, "kafka.tools.StorageTool", arguments)
            .start(options.folder(), log4j());
    if (!format.endsWithin(TIMEOUT) || format.process().exitValue() != 0) {
      format.kill();
      throw new CommandException("The broker's folder was not formatted: " + format.output());
    }
  }

  private String file() {
    return properties.toString();
  }

  private Path log4j() {
    return distribution.conf("log4j.properties");
  }

  private JavaCommand command(String name, List<String> jvm, String main, List<String> arguments) {
    return new JavaCommand(name, distribution.kafkaClassPath(), jvm, main, arguments);
  }

  /** Waits until the broker answers, and creates the topics that do not exist. */
  void awaitTopics(ChildProcess broker, Map<String, Integer> partitions) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), options.ports().kafka());
    Await.until(
        "The broker listens (its log is " + broker.log() + ")",
        TIMEOUT,
        broker::requireAlive,
        () -> listens(address));
    String bootstrapServers = "127.0.0.1:" + address.getPort();
    try (Admin admin = Admin.create(clientOptions(bootstrapServers))) {
      Await.until("The broker answers", TIMEOUT, broker::requireAlive, () -> answers(admin));
      Set<String> existing = get(admin.listTopics().names()).orElseThrow();
      List<NewTopic> missing =
          partitions.entrySet().stream()
              .filter(topic -> !existing.contains(topic.getKey()))
              .map(topic -> topic(topic.getKey(), topic.getValue()))
              .toList();
      get(admin.createTopics(missing).all());
    }
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1)
        .configs(
            Map.of(
                "max.message.bytes", MAX_MESSAGE_BYTES,
                "cleanup.policy", "delete",
                "retention.ms", "-1",
                "retention.bytes", "-1"));
  }

  /** Whether a server takes connections at this address. */
  static boolean listens(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(Admin admin) {
    try {
      return !get(admin.describeCluster().nodes()).orElseThrow().isEmpty();
    } catch (CommandException e) {
      return false;
    }
  }

  private static Map<String, Object> clientOptions(String bootstrapServers) {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000",
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
        AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, "100");
  }

  private static <T> Optional<T> get(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return Optional.ofNullable(future.get(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while waiting for the broker.", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandException("A request to the broker failed: " + e, e);
    }
  }
}
