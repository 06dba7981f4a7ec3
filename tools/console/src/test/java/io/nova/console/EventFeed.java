package io.nova.console;

import io.nova.cli.cluster.LocalCluster;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends {@link NumberedEvents} in a thread of its own, minute after minute, up to a limit. */
final class EventFeed implements AutoCloseable {
  private static final long PAUSE_MILLIS = 250;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::run, "feed");
  private final Set<Integer> sent = new HashSet<>();
  private int minute;
  private int limit;
  private long messages;
  private boolean closed;

  EventFeed(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        synchronized (this) {
          while (minute >= limit && !closed) {
            wait();
          }
          if (closed) {
            return;
          }
          NumberedEvents.sentIn(minute).forEach(this::send);
          NumberedEvents.copiesIn(minute).forEach(this::send);
          producer.flush();
          minute++;
          notifyAll();
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(int number) {
    sent.add(number);
    send(NumberedEvents.partition(number), NumberedEvents.message(number));
  }

  /** Sends one message at once. */
  synchronized void send(int partition, byte[] value) {
    messages++;
    Future<RecordMetadata> unused =
        producer.send(new ProducerRecord<>(LocalCluster.EVENTS, partition, null, value));
  }

  synchronized void flush() {
    producer.flush();
  }

  /** From now on it sends the minutes before this one. */
  synchronized void upTo(int end) {
    limit = end;
    notifyAll();
  }

  /** Waits until it has sent the minutes before this one; fails if its thread has ended. */
  synchronized void await(int end) throws InterruptedException {
    upTo(Math.max(limit, end));
    while (minute < end) {
      if (!thread.isAlive()) {
        throw new IllegalStateException("The feed ended at minute %d of %d".formatted(minute, end));
      }
      wait(PAUSE_MILLIS);
    }
  }

  /** The numbers of the events so far. */
  synchronized Set<Integer> sent() {
    return Set.copyOf(sent);
  }

  /** All messages so far, with copies. */
  synchronized long messages() {
    return messages;
  }

  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.join();
    producer.close();
  }
}
