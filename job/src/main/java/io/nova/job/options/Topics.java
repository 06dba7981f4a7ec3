package io.nova.job.options;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/** Looks at the job's topics before it starts. */
public final class Topics {
  /** As much as any broker is likely to take in one message. */
  public static final int LARGEST_REQUEST_BYTES = 64 * 1024 * 1024;

  private static final long PATIENCE_SECONDS = 30;

  private final NovaOptions options;

  public Topics(NovaOptions options) {
    this.options = options;
  }

  /**
   * The partitions of the events' topic that are not retired.
   *
   * @throws IllegalArgumentException where a topic is missing or the brokers do not answer
   */
  public Set<Integer> livePartitions() throws InterruptedException {
    String events = options.get(NovaOptions.TOPIC);
    String rejected = options.get(NovaOptions.REJECTED_TOPIC);
    List<String> all =
        options.get(NovaOptions.LEDGER)
            ? List.of(events, rejected, options.get(NovaOptions.DUPLICATES_TOPIC))
            : List.of(events, rejected);
    Set<Integer> partitions =
        Objects.requireNonNull(describe(all).get(events)).partitions().stream()
            .map(TopicPartitionInfo::partition)
            .collect(Collectors.toCollection(HashSet::new));
    Set<Integer> retired = options.retiredPartitions();
    if (!partitions.containsAll(retired)) {
      throw new IllegalArgumentException(
          "%s: found %s, but topic %s has the partitions %s"
              .formatted(NovaOptions.RETIRED.key(), retired, events, partitions));
    }
    partitions.removeAll(retired);
    return partitions;
  }

  private Map<String, TopicDescription> describe(List<String> topics) throws InterruptedException {
    Properties properties = new Properties();
    properties.putAll(options.kafkaProperties());
    properties.put(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.get(NovaOptions.BOOTSTRAP_SERVERS));
    try (Admin admin = Admin.create(properties)) {
      return admin.describeTopics(topics).allTopicNames().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalArgumentException(
          ("Topics %s at %s could not be looked at: %s. Create them, or set %s and %s. "
                  + "The job is not started.")
              .formatted(
                  topics,
                  options.get(NovaOptions.BOOTSTRAP_SERVERS),
                  e.getCause() == null ? e : e.getCause(),
                  NovaOptions.TOPIC.key(),
                  NovaOptions.REJECTED_TOPIC.key()),
          e);
    }
  }
}
