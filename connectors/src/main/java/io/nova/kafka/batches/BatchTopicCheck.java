package io.nova.kafka.batches;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topic {@code batches} must be: requests have one order, and none of them disappears.
 *
 * @param topic its name
 */
public record BatchTopicCheck(String topic) {
  /** The settings that the topic must have. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG, "-1",
          TopicConfig.RETENTION_BYTES_CONFIG, "-1");

  /** The number of its partitions. */
  public static final int PARTITIONS = 1;

  private static final String CONSEQUENCE = "The job is not started.";

  /** The command that creates the topic. */
  public String howToCreate() {
    return "kafka-topics.sh --create --topic %s --partitions %d %s"
        .formatted(topic, PARTITIONS, settings());
  }

  private static String settings() {
    return SETTINGS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(setting -> "--config %s=%s".formatted(setting.getKey(), setting.getValue()))
        .collect(Collectors.joining(" "));
  }

  /**
   * Checks the number of partitions.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public void mustHaveOnePartition(int found) {
    if (found != PARTITIONS) {
      throw new IllegalArgumentException(
          ("Topic %s: it has %d partitions, expected %d. Requests of several partitions have no"
                  + " order. Create it again: %s. %s")
              .formatted(topic, found, PARTITIONS, howToCreate(), CONSEQUENCE));
    }
  }

  /**
   * Checks the settings. A setting that the brokers do not name passes.
   *
   * @throws IllegalArgumentException if requests could disappear
   */
  public void mustKeepEveryRequest(Config found) {
    SETTINGS.forEach(
        (name, expected) -> mustBe(name, Optional.ofNullable(found.get(name)), expected));
  }

  private void mustBe(String name, Optional<ConfigEntry> found, String expected) {
    found
        .map(ConfigEntry::value)
        .filter(value -> !value.equals(expected))
        .ifPresent(
            value -> {
              throw new IllegalArgumentException(
                  ("Topic %s: its %s is %s, expected %s. Requests would disappear, and a restored"
                          + " job would decide without them. Set %s=%s. %s")
                      .formatted(topic, name, value, expected, name, expected, CONSEQUENCE));
            });
  }
}
