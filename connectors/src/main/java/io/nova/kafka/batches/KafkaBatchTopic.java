package io.nova.kafka.batches;

import io.nova.kafka.source.TopicState;
import io.nova.kafka.source.UnreadableTopicException;
import java.io.Serial;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic {@code batches} of Kafka brokers, as the job reads it. */
public final class KafkaBatchTopic implements BatchTopic {
  @Serial private static final long serialVersionUID = 1;

  private final String topic;
  private final String events;
  private final Properties client;

  /**
   * A topic.
   *
   * @param events the topic of the events, whose empty partitions are looked for
   * @param client settings of Kafka's clients; brokers are required
   */
  public KafkaBatchTopic(String topic, String events, Properties client) {
    this.topic = topic;
    this.events = events;
    this.client = new Properties();
    this.client.putAll(client);
  }

  /**
   * Checks that a topic is the one that is known, or that the operator accepts it.
   *
   * @param known the id in state or table
   * @param accepted the id that the operator accepts; empty for none
   * @throws UnreadableTopicException if it is another one
   */
  public static void mustBeKnown(String topic, String found, String known, String accepted) {
    if (!found.equals(known) && !found.equals(accepted)) {
      throw new UnreadableTopicException(
          ("Topic %s: found id %s, expected %s. The topic was created again, so its offsets name"
                  + " other requests. Nothing was applied. If that is right, start the job with"
                  + " --nova.batches.accept-topic %s: it then reads the topic from its beginning."
                  + " The job ends.")
              .formatted(topic, found, known, found));
    }
  }

  @Override
  public String id() {
    try (Admin admin = Admin.create(client)) {
      return TopicState.describe(admin, topic).topicId().toString();
    }
  }

  @Override
  public Reading read(long position, Reader reader) {
    BatchTopicReading reading =
        new BatchTopicReading(topic, events, position, this::consumer, reader);
    reading.start();
    return reading;
  }

  private Consumer<byte[], byte[]> consumer() {
    Properties consumer = new Properties();
    consumer.putAll(client);
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
