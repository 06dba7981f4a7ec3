package io.nova.workload.topic;

import io.nova.workload.input.Cursor;
import io.nova.workload.input.LookAhead;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the rejected topic had when this was made. A restored job may write a record twice. */
public final class RejectedTopic {
  private final TopicRecords records;

  /**
   * What the topic has now.
   *
   * @throws org.apache.kafka.common.KafkaException when the topic does not exist, or the broker
   *     does not answer
   */
  public RejectedTopic(Brokers brokers, String topic) {
    this.records = new TopicRecords(brokers, topic);
  }

  /** The topic's name. */
  public String name() {
    return records.topic();
  }

  /** How many records there are at most. */
  public long count() {
    return records.count();
  }

  /** Starts at the first record. */
  public Cursor<RejectedMessage> open() {
    return new Rejected(records.open());
  }

  private static final class Rejected extends LookAhead<RejectedMessage> {
    private final Cursor<ConsumerRecord<byte[], byte[]>> records;

    Rejected(Cursor<ConsumerRecord<byte[], byte[]>> records) {
      this.records = records;
    }

    @Override
    protected @Nullable RejectedMessage read() {
      return records.hasNext() ? RejectedMessage.of(records.next()) : null;
    }

    @Override
    public void close() {
      super.close();
      records.close();
    }
  }
}
