package io.nova.cli;

import io.nova.cli.cluster.LocalCluster;
import picocli.CommandLine.Option;

/** The option that names the topic of the events. */
final class EventsTopicOption {
  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "The topic of the events (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.EVENTS)
  private String topic = "";

  String topic() {
    return topic;
  }
}
