package io.nova.kafka.source;

import io.nova.kafka.source.AcceptedGaps.Gap;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the offsets to go on from with the topic. The job goes on only where no record was lost,
 * or where the operator gave the lost range up.
 *
 * @param topic name of the topic
 * @param accepted the ranges that the operator gives up
 */
record SplitCheck(String topic, AcceptedGaps accepted) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(SplitCheck.class);

  /**
   * The splits with the offsets to read from.
   *
   * @throws UnreadableTopicException if the topic is another one, or records to read are gone
   * @throws IllegalStateException if the topic ends before an offset. Another broker may know more
   */
  List<KafkaPartitionSplit> checked(List<KafkaPartitionSplit> splits, TopicState now) {
    splits.forEach(split -> mustBeOfTheTopic(split, now));
    splits.forEach(split -> mustNotLieAfterTheEnd(split, now));
    List<Gap> lost = splits.stream().flatMap(split -> gap(split, now).stream()).toList();
    mustBeAccepted(lost);
    List<KafkaPartitionSplit> checked = new ArrayList<>();
    for (KafkaPartitionSplit split : splits) {
      long offset = gap(split, now).stream().mapToLong(Gap::to).findAny().orElse(offset(split));
      checked.add(new TopicSplit(split.getTopicPartition(), offset, now.id()));
    }
    return checked;
  }

  private void mustBeOfTheTopic(KafkaPartitionSplit split, TopicState now) {
    if (!split.getTopic().equals(topic)) {
      throw new UnreadableTopicException(
          ("The state goes on in topic %s, and nova.kafka.topic is %s. Set the option back, or use "
                  + "another warehouse. The job ends.")
              .formatted(split.getTopic(), topic));
    }
    mustBeSame(topic, TopicSplit.topicId(split), now.id());
    if (!now.starts().containsKey(split.getPartition())) {
      throw new UnreadableTopicException(
          "Topic %s: it has partitions 0 to %d, and the state goes on in %d. The job ends."
              .formatted(topic, now.starts().size() - 1, split.getPartition()));
    }
  }

  /**
   * Checks that a topic was not deleted and created again.
   *
   * @param known {@link Uuid#ZERO_UUID} if nothing is known
   */
  static void mustBeSame(String topic, Uuid known, Uuid found) {
    if (!known.equals(Uuid.ZERO_UUID) && !known.equals(found)) {
      throw new UnreadableTopicException(
          ("Topic %s: found id %s, expected %s. The topic was deleted and created again, so the "
                  + "offsets of the state name other records. Nothing was skipped. Use another "
                  + "warehouse for the new topic. The job ends.")
              .formatted(topic, found, known));
    }
  }

  private void mustNotLieAfterTheEnd(KafkaPartitionSplit split, TopicState now) {
    long end = now.ends().getOrDefault(split.getPartition(), 0L);
    if (offset(split) > end) {
      throw new IllegalStateException(
          ("Topic %s: partition %d ends at offset %d, and the state goes on at %d. The brokers lost "
                  + "records that the job has read. The job fails and starts over.")
              .formatted(topic, split.getPartition(), end, offset(split)));
    }
  }

  /** The records between the split's offset and the start of the log, which are gone. */
  private static List<Gap> gap(KafkaPartitionSplit split, TopicState now) {
    long offset = offset(split);
    long start = now.starts().getOrDefault(split.getPartition(), 0L);
    return offset < start ? List.of(new Gap(split.getPartition(), offset, start)) : List.of();
  }

  /**
   * The offset to read from. A partition without one was created after the job's first start, so
   * the job has to read it from its first record.
   */
  private static long offset(KafkaPartitionSplit split) {
    return Math.max(0, split.getStartingOffset());
  }

  private void mustBeAccepted(List<Gap> lost) {
    String missing = text(lost.stream().filter(gap -> !accepted.include(gap)).toList());
    if (!missing.isEmpty()) {
      throw new UnreadableTopicException(
          ("Topic %s: offsets %s (PARTITION:FROM-TO, without TO) are gone before the job read them. "
                  + "Restore a newer savepoint, or give the records up with "
                  + "--nova.kafka.accept-gap %s. The job ends.")
              .formatted(topic, missing, missing));
    }
    if (!lost.isEmpty()) {
      LOG.warn("Topic {}: goes on without offsets {}, as nova.kafka.accept-gap says", topic, lost);
    }
  }

  private static String text(List<Gap> gaps) {
    return gaps.stream().map(Gap::toString).collect(Collectors.joining(","));
  }
}
