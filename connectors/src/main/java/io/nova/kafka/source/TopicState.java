package io.nova.kafka.source;

import io.nova.kafka.BrokerFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/**
 * A topic as the brokers describe it at one time.
 *
 * @param id the id that Kafka gave the topic when it was created
 * @param starts by partition, the offset of the first record that the log still has
 * @param ends by partition, the offset after the last record
 */
public record TopicState(Uuid id, Map<Integer, Long> starts, Map<Integer, Long> ends) {
  private static final long TIMEOUT_SECONDS = 60;

  public TopicState {
    starts = Map.copyOf(starts);
    ends = Map.copyOf(ends);
  }

  /**
   * Asks the brokers.
   *
   * @throws IllegalStateException if they do not answer, or have no such topic
   */
  public static TopicState of(Admin admin, String topic) {
    TopicDescription described = describe(admin, topic);
    return asked(
        topic,
        () ->
            new TopicState(
                described.topicId(),
                offsets(admin, described, OffsetSpec.earliest()),
                offsets(admin, described, OffsetSpec.latest())));
  }

  /**
   * Asks the brokers for the topic's id and partitions.
   *
   * @throws IllegalStateException if they do not answer, or have no such topic
   */
  public static TopicDescription describe(Admin admin, String topic) {
    return asked(
        topic,
        () ->
            Objects.requireNonNull(
                admin
                    .describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(topic)));
  }

  private static <T> T asked(String topic, Callable<T> question) {
    try {
      return question.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while topic " + topic + " was looked at", e);
    } catch (Exception e) {
      throw new IllegalStateException(
          "Topic %s cannot be looked at: %s. The job fails and starts over."
              .formatted(topic, BrokerFailure.of(e, TIMEOUT_SECONDS)),
          e);
    }
  }

  private static Map<Integer, Long> offsets(Admin admin, TopicDescription topic, OffsetSpec which)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicPartitionInfo partition : topic.partitions()) {
      asked.put(new TopicPartition(topic.name(), partition.partition()), which);
    }
    Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> answers =
        admin.listOffsets(asked).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    Map<Integer, Long> offsets = new TreeMap<>();
    answers.forEach((partition, answer) -> offsets.put(partition.partition(), answer.offset()));
    return offsets;
  }
}
