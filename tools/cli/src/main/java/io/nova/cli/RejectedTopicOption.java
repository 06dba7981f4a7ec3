package io.nova.cli;

import io.nova.cli.cluster.LocalCluster;
import picocli.CommandLine.Option;

/** The option that names the topic of the rejected messages. */
final class RejectedTopicOption {
  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "The topic of the messages that the job rejects (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.REJECTED)
  private String topic = "";

  String topic() {
    return topic;
  }
}
