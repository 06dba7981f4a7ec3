package io.nova.sql.topic;

import io.nova.kafka.ClientConfigFile;
import io.nova.kafka.batches.client.KafkaRequestTopic;
import io.nova.kafka.batches.client.LateEvents;
import io.nova.kafka.batches.client.RequestTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The address of the job's topics.
 *
 * @param bootstrapServers brokers, host:port, separated by commas
 * @param rejectedTopic the job's {@code nova.kafka.rejected-topic}
 * @param duplicatesTopic the job's {@code nova.kafka.duplicates-topic}
 * @param batchesTopic the job's {@code nova.kafka.batches-topic}
 * @param clientSettings settings of Kafka's clients, such as security, by their Kafka names
 */
public record TopicAccess(
    String bootstrapServers,
    String rejectedTopic,
    String duplicatesTopic,
    String batchesTopic,
    Map<String, String> clientSettings) {
  /**
   * Checks brokers and topics.
   *
   * @throws IllegalArgumentException if one of them is empty
   */
  public TopicAccess {
    require("kafka.bootstrap-servers", bootstrapServers, "host:port, separated by commas");
    require("kafka.rejected-topic", rejectedTopic, "the name of a topic");
    require("kafka.duplicates-topic", duplicatesTopic, "the name of a topic");
    require("kafka.batches-topic", batchesTopic, "the name of a topic");
    clientSettings = Map.copyOf(clientSettings);
  }

  /**
   * The settings in a file of {@code kafka.client-config}.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public static Map<String, String> settingsOf(String file) {
    try {
      return ClientConfigFile.read(Path.of(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Option 'kafka.client-config': file %s cannot be read (%s). It must be on the disk of the SQL client or gateway. No catalog was made."
              .formatted(file, e),
          e);
    }
  }

  private static void require(String option, String value, String expected) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          "Option '%s': it is empty, expected %s. No catalog was made."
              .formatted(option, expected));
    }
  }

  /** The topic over which the job is asked to close and complete batches. */
  public RequestTopic batches() {
    return new KafkaRequestTopic(bootstrapServers, batchesTopic, ownSettings());
  }

  /** The late events among the rejected messages. */
  public LateEvents lateEvents() {
    return new LateEvents(bootstrapServers, rejectedTopic, ownSettings());
  }

  private Map<String, String> ownSettings() {
    LinkedHashMap<String, String> own = new LinkedHashMap<>();
    clientSettings.forEach((name, value) -> own.put(name, ClassNames.own(value)));
    return own;
  }

  /** The settings of Kafka's clients as options of Flink's Kafka connector. */
  public Map<String, String> clientOptions() {
    LinkedHashMap<String, String> options = new LinkedHashMap<>();
    ownSettings().forEach((name, value) -> options.put("properties." + name, value));
    return options;
  }

  /**
   * The options of a table over one of the topics, as every user may see them. Passwords are among
   * {@link #clientOptions}, which only the source gets.
   */
  Map<String, String> tableOptions(String topic) {
    LinkedHashMap<String, String> options = new LinkedHashMap<>();
    options.put("connector", "kafka");
    options.put("topic", topic);
    options.put("properties.bootstrap.servers", bootstrapServers);
    options.put("properties.allow.auto.create.topics", "false");
    options.put("scan.startup.mode", "earliest-offset");
    options.put("scan.bounded.mode", "latest-offset");
    return options;
  }
}
