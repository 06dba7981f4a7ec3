package io.nova.workload.topic;

import io.nova.workload.input.LookAhead;
import io.nova.workload.topic.TopicRecords.Span;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic, one partition after the other. Throws {@link KafkaException} when the broker
 * does not answer for a minute, or has deleted records before they were read. For one thread.
 */
final class RecordCursor extends LookAhead<ConsumerRecord<byte[], byte[]>> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Consumer<byte[], byte[]> kafka;
  private final Iterator<Span> spans;
  private Iterator<ConsumerRecord<byte[], byte[]>> batch = Collections.emptyIterator();
  private @Nullable Span span;

  /** Takes over the consumer, and closes it at the end. */
  RecordCursor(Consumer<byte[], byte[]> kafka, List<Span> spans) {
    this.kafka = kafka;
    this.spans = spans.iterator();
  }

  @Override
  protected @Nullable ConsumerRecord<byte[], byte[]> read() {
    while (span != null || nextSpan()) {
      Span current = span;
      if (batch.hasNext()) {
        ConsumerRecord<byte[], byte[]> record = batch.next();
        if (current != null && record.offset() < current.end()) {
          return record;
        }
      } else if (current != null && !poll(current)) {
        span = null;
      }
    }
    return null;
  }

  private boolean nextSpan() {
    while (spans.hasNext()) {
      Span candidate = spans.next();
      if (candidate.begin() < candidate.end()) {
        span = candidate;
        kafka.assign(List.of(candidate.partition()));
        kafka.seek(candidate.partition(), candidate.begin());
        return true;
      }
    }
    return false;
  }

  /** Fetches the next batch of a partition; false when there is none before its end. */
  private boolean poll(Span current) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (kafka.position(current.partition(), TopicRecords.TIMEOUT) < current.end()) {
      ConsumerRecords<byte[], byte[]> records = kafka.poll(POLL);
      if (!records.isEmpty()) {
        batch = records.iterator();
        return true;
      }
      if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "%s: no record for %s, although it has more.".formatted(current.partition(), TIMEOUT));
      }
    }
    return false;
  }

  @Override
  public void close() {
    super.close();
    kafka.close();
  }
}
