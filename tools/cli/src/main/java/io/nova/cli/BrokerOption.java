package io.nova.cli;

import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import io.nova.kafka.ClientConfigFile;
import io.nova.workload.topic.Brokers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the broker: its address, or the working folder in which it runs. */
final class BrokerOption {
  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker (default: the one that runs in the working folder).")
  private String bootstrapServers = "";

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "A properties file with settings of the Kafka clients, such as security.protocol and"
              + " sasl.jaas.config.")
  private @Nullable Path commandConfig;

  /**
   * The brokers, with the settings of the file.
   *
   * @throws CommandException when no broker was given and none runs in the folder, or when the file
   *     cannot be read
   */
  Brokers brokers() {
    return new Brokers(bootstrapServers(), settings());
  }

  /** What a failed request means, and what to do about it. */
  String reasonOf(KafkaException failure) {
    Throwable cause = failure;
    while (!(cause instanceof AuthenticationException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AuthenticationException) {
      return "Authentication failed: %s. Check the settings in the file of --command-config"
          .formatted(cause.getMessage());
    }
    if (failure instanceof TimeoutException && commandConfig == null) {
      return "%s If the broker asks for SASL or TLS, name a file with the client's settings: --command-config FILE"
          .formatted(failure.getMessage());
    }
    if (failure instanceof TimeoutException) {
      return "%s Perhaps the broker expects another security.protocol or sasl.mechanism than %s has"
          .formatted(failure.getMessage(), commandConfig);
    }
    return cause == failure || cause.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : "%s: %s".formatted(failure.getMessage(), cause.getMessage());
  }

  private Map<String, String> settings() {
    Path file = commandConfig;
    if (file == null) {
      return Map.of();
    }
    try {
      return ClientConfigFile.read(file);
    } catch (IOException e) {
      throw new CommandException(
          "--command-config %s: cannot be read: %s. Nothing was done.".formatted(file, e), e);
    }
  }

  /**
   * The broker's address.
   *
   * @throws io.nova.cli.process.CommandException when none was given and none runs in the folder
   */
  String bootstrapServers() {
    return bootstrapServers.isEmpty()
        ? "127.0.0.1:" + RunFile.running(folder()).ports().kafka()
        : bootstrapServers;
  }

  WorkFolder folder() {
    return folder.folder();
  }
}
