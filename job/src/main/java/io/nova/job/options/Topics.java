package io.nova.job.options;

import io.nova.kafka.BrokerFailure;
import io.nova.kafka.batches.BatchTopicCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job's Kafka topics, as the brokers describe them before the job starts. */
public final class Topics {
  /** Greatest size of a produce request. Larger than the message limit of common brokers. */
  public static final int LARGEST_REQUEST_BYTES = 64 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private static final long TIMEOUT_SECONDS = 30;

  private final CheckedOptions options;
  private final BatchTopicCheck batches;

  public Topics(CheckedOptions options) {
    this.options = options;
    this.batches = new BatchTopicCheck(options.get(NovaOptions.BATCHES_TOPIC));
  }

  /**
   * The partitions of the events' topic that are not retired.
   *
   * @throws IllegalArgumentException if a topic is missing or has unfit settings, or if the brokers
   *     do not answer
   */
  public Set<Integer> livePartitions() throws InterruptedException {
    String events = options.get(NovaOptions.TOPIC);
    Set<Integer> partitions =
        Objects.requireNonNull(describe().get(events)).partitions().stream()
            .map(TopicPartitionInfo::partition)
            .collect(Collectors.toCollection(HashSet::new));
    Set<Integer> retired = options.retiredPartitions();
    if (!partitions.containsAll(retired)) {
      throw OptionChecks.wrong(
          NovaOptions.RETIRED,
          retired,
          "some of the partitions of topic %s, %s".formatted(events, partitions));
    }
    partitions.removeAll(retired);
    return partitions;
  }

  private List<String> all() {
    List<String> topics = new ArrayList<>();
    topics.add(options.get(NovaOptions.TOPIC));
    topics.add(options.get(NovaOptions.REJECTED_TOPIC));
    topics.add(batches.topic());
    if (options.get(NovaOptions.LEDGER)) {
      topics.add(options.get(NovaOptions.DUPLICATES_TOPIC));
    }
    if (options.admitted().on()) {
      topics.add(options.admitted().topic());
    }
    return topics;
  }

  private Map<String, TopicDescription> describe() throws InterruptedException {
    Properties properties = new Properties();
    properties.putAll(options.kafkaProperties());
    properties.put(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.get(NovaOptions.BOOTSTRAP_SERVERS));
    Map<String, TopicDescription> described = new HashMap<>();
    try (Admin admin = Admin.create(properties)) {
      for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
          admin.describeTopics(all()).topicNameValues().entrySet()) {
        described.put(topic.getKey(), answer(topic.getKey(), topic.getValue()));
      }
      checkSettings(admin);
      if (options.admitted().exactlyOnce()) {
        checkTransactionTimeout(admin);
      }
    }
    batches.mustHaveOnePartition(
        Objects.requireNonNull(described.get(batches.topic())).partitions().size());
    return described;
  }

  private TopicDescription answer(String topic, KafkaFuture<TopicDescription> asked)
      throws InterruptedException {
    try {
      return asked.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalArgumentException(
          "Topic %s at %s cannot be described: %s. %sThe job is not started."
              .formatted(
                  topic,
                  options.get(NovaOptions.BOOTSTRAP_SERVERS),
                  BrokerFailure.of(e, TIMEOUT_SECONDS),
                  topic.equals(batches.topic()) ? batches.howToCreate() + ". " : ""),
          e);
    }
  }

  /** The job may lack the right to read the settings. It starts without the check then. */
  private void checkSettings(Admin admin) throws InterruptedException {
    List<ConfigResource> resources =
        all().stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    try {
      admin
          .describeConfigs(resources)
          .all()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .forEach((resource, settings) -> check(resource.name(), settings));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Topics {}: their settings cannot be read. Compaction, small limits and short retention are not noticed",
          all(),
          e);
    }
  }

  /**
   * A broker refuses every transaction with a longer timeout, and the job would restart for ever.
   */
  private void checkTransactionTimeout(Admin admin) throws InterruptedException {
    try {
      Node broker =
          admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).iterator().next();
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
      admin
          .describeConfigs(List.of(resource))
          .all()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .values()
          .forEach(this::mustAllowTheTransactionTimeout);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Brokers {}: their transaction.max.timeout.ms cannot be read. If it is less than {}, the"
              + " job cannot write to topic {}",
          options.get(NovaOptions.BOOTSTRAP_SERVERS),
          options.admitted().transactionTimeout(),
          options.admitted().topic(),
          e);
    }
  }

  private void mustAllowTheTransactionTimeout(Config broker) {
    ConfigEntry greatest = broker.get("transaction.max.timeout.ms");
    Duration timeout = options.admitted().transactionTimeout();
    if (greatest != null && timeout.toMillis() > Long.parseLong(greatest.value())) {
      throw OptionChecks.wrong(
          NovaOptions.ADMITTED_TRANSACTION_TIMEOUT,
          timeout,
          "at most %s, the brokers' transaction.max.timeout.ms"
              .formatted(OptionTable.text(Duration.ofMillis(Long.parseLong(greatest.value())))));
    }
  }

  private void check(String topic, Config settings) {
    TopicRules rules = new TopicRules(topic, settings);
    if (rules.topic().equals(options.get(NovaOptions.TOPIC))) {
      rules.mustNotBeCompacted("messages that the job has not read");
    } else {
      rules.mustTakeTheSmallestRecords();
    }
    if (rules.topic().equals(options.get(NovaOptions.REJECTED_TOPIC))) {
      rules.mustNotBeCompacted("rejected messages without a value");
    }
    if (topic.equals(batches.topic())) {
      batches.mustKeepEveryRequest(settings);
    }
  }
}
