package io.nova.job.options;

import io.nova.kafka.SizeLimit;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the settings of a topic must be, so that no message disappears from it unnoticed.
 *
 * @param topic name of the topic
 * @param settings its settings, as the brokers describe them
 */
record TopicRules(String topic, Config settings) {
  /**
   * Compaction deletes records inside the log, where no reader notices the gap.
   *
   * @param lost what compaction would delete
   * @throws IllegalArgumentException if the topic is compacted
   */
  void mustNotBeCompacted(String lost) {
    String policy = value(TopicConfig.CLEANUP_POLICY_CONFIG).orElse("");
    if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      throw new IllegalArgumentException(
          ("Topic %s: its cleanup.policy is %s, expected delete. Compaction deletes %s, and nothing "
                  + "notices. Set cleanup.policy=delete. The job is not started.")
              .formatted(topic, policy, lost));
    }
  }

  /**
   * A record without its value must fit.
   *
   * @throws IllegalArgumentException if the topic takes less
   */
  void mustTakeTheSmallestRecords() {
    String bytes = value(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).orElse("");
    if (!bytes.isEmpty() && Integer.parseInt(bytes) < SizeLimit.SMALLEST) {
      throw new IllegalArgumentException(
          ("Topic %s: its max.message.bytes is %s, expected at least %d. The job would fail at a "
                  + "record that the topic does not take. The job is not started.")
              .formatted(topic, bytes, SizeLimit.SMALLEST));
    }
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(settings.get(name)).map(ConfigEntry::value);
  }
}
