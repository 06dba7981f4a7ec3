package io.nova.workload.replay;

import io.nova.workload.replay.TopicRecords.Part;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic one after the other, one partition after the other. Throws {@link
 * KafkaException} when the broker falls silent, or has deleted what was still to be read. For one
 * thread.
 */
final class RecordCursor implements Iterator<ConsumerRecord<byte[], byte[]>>, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Consumer<byte[], byte[]> kafka;
  private final Iterator<Part> parts;
  private Iterator<ConsumerRecord<byte[], byte[]>> batch =
      List.<ConsumerRecord<byte[], byte[]>>of().iterator();
  private @Nullable Part part;
  private @Nullable ConsumerRecord<byte[], byte[]> next;

  /** Takes the consumer over, and closes it in the end. */
  RecordCursor(Consumer<byte[], byte[]> kafka, List<Part> parts) {
    this.kafka = kafka;
    this.parts = parts.iterator();
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public ConsumerRecord<byte[], byte[]> next() {
    ConsumerRecord<byte[], byte[]> record = next;
    if (record == null) {
      throw new NoSuchElementException();
    }
    advance();
    return record;
  }

  private void advance() {
    next = null;
    while (next == null && (part != null || nextPart())) {
      Part current = part;
      if (batch.hasNext()) {
        ConsumerRecord<byte[], byte[]> record = batch.next();
        next = current != null && record.offset() < current.end() ? record : null;
      } else if (current != null && !poll(current)) {
        part = null;
      }
    }
  }

  private boolean nextPart() {
    while (parts.hasNext()) {
      Part candidate = parts.next();
      if (candidate.begin() < candidate.end()) {
        part = candidate;
        kafka.assign(List.of(candidate.partition()));
        kafka.seek(candidate.partition(), candidate.begin());
        return true;
      }
    }
    return false;
  }

  /** Gets the next batch of a partition; false when there is none before its end. */
  private boolean poll(Part current) {
    long deadline = System.nanoTime() + SILENCE.toNanos();
    while (kafka.position(current.partition(), TopicRecords.ANSWER) < current.end()) {
      ConsumerRecords<byte[], byte[]> records = kafka.poll(POLL);
      if (!records.isEmpty()) {
        batch = records.iterator();
        return true;
      }
      if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "%s: no record for %s, although it has more.".formatted(current.partition(), SILENCE));
      }
    }
    return false;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
