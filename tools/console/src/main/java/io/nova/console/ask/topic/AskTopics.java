package io.nova.console.ask.topic;

import java.util.Map;

/**
 * The topics that the fast path reads.
 *
 * @param brokers addresses of Kafka brokers
 * @param rejected name of the topic of rejected messages
 * @param duplicates name of the topic of duplicates; empty if the job writes none
 * @param settings more settings of Kafka's consumer; values may be secrets
 */
public record AskTopics(
    String brokers, String rejected, String duplicates, Map<String, String> settings) {
  /** Copies the settings. */
  public AskTopics {
    settings = Map.copyOf(settings);
  }

  /** Without the settings, which may have passwords. */
  @Override
  public String toString() {
    return "topics %s and %s at %s".formatted(rejected, duplicates, brokers);
  }
}
