package io.nova.bench.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.Fingerprinter;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.SubtaskView.Newest;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A probe that measures freshness: the time from the broker's acknowledgment of an event until a
 * live server shows the event.
 *
 * <p>It samples every hundredth event. An event is shown once the server's newest upload time of
 * its shard and partition has reached that of the event. The probe asks every 20 ms, and this delay
 * is included in the result.
 */
final class FreshnessProbe {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final int PARTITIONS = 4;
  private static final int SAMPLED = 100;
  private static final long BATCH_MS = 10;
  private static final long ASK_EVERY_MS = 20;
  private static final int WARM_UP_SECONDS = 15;
  private static final int LAST_WAIT_SECONDS = 15;

  private final String topic;
  private final LiveServers servers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventParser parser = new EventParser();
  private final Fingerprinter fingerprinter;
  private final Map<Place, Queue<Sample>> waiting = new ConcurrentHashMap<>();
  private long[] freshNanos = new long[1 << 20];
  private int found;
  private volatile boolean sent;

  private record Place(int shard, int partition) {}

  private record Sample(long uploadMicros, long ackNanos, boolean counts) {}

  FreshnessProbe(String bootstrapServers, String topic, LiveServers servers) {
    this.topic = topic;
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    this.servers = servers;
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.fingerprinter = new Fingerprinter(servers.table.rules().fingerprintKey());
  }

  /** Sends events at a rate for some time after a warm-up, and reports the freshness. */
  String run(int perSecond, int seconds) throws Exception {
    Thread asking = new Thread(this::ask, "asking");
    asking.start();
    long start = System.nanoTime();
    long number = 0;
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS + seconds)) {
      long due = (System.nanoTime() - start) * perSecond / 1_000_000_000L;
      while (number < due) {
        send(number, number > (long) perSecond * WARM_UP_SECONDS);
        number++;
      }
      Thread.sleep(BATCH_MS);
    }
    producer.close();
    sent = true;
    asking.join();
    return report(number, (System.nanoTime() - start) / 1e9);
  }

  private void send(long number, boolean counts) {
    long nowMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + number % 1000;
    int partition = (int) (number % PARTITIONS);
    byte[] value = event(number, nowMicros);
    ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, partition, null, value);
    if (number % SAMPLED != 0) {
      Future<RecordMetadata> unused = producer.send(message);
      return;
    }
    Parsed.Event event = (Parsed.Event) parser.parse(value);
    int shard = fingerprinter.of(event.identity()).shard(servers.table.rules().shards());
    Queue<Sample> queue =
        waiting.computeIfAbsent(new Place(shard, partition), p -> new ConcurrentLinkedQueue<>());
    Future<RecordMetadata> unused =
        producer.send(
            message,
            (metadata, failed) -> queue.add(new Sample(nowMicros, System.nanoTime(), counts)));
  }

  private static byte[] event(long number, long uploadMicros) {
    String time = TIME.format(Instant.EPOCH.plusNanos(uploadMicros * 1000));
    return ("{\"app\":1,\"device_id\":\"d%d\",\"$insert_id\":\"f%d\",\"event_id\":%d,\"event_type\":\"type %d\","
            + "\"user_id\":\"u%d\",\"platform\":\"Web\",\"server_upload_time\":\"%s\",\"event_time\":\"%s\","
            + "\"event_properties\":{\"n\":%d}}")
        .formatted(
            number % 100_003,
            number,
            number,
            number % 20,
            number % 50_021,
            time,
            time,
            number % 1000)
        .getBytes(UTF_8);
  }

  private void ask() {
    try {
      long lastNanos = Long.MAX_VALUE;
      while (System.nanoTime() < lastNanos) {
        if (sent && lastNanos == Long.MAX_VALUE) {
          lastNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_WAIT_SECONDS);
        }
        for (Announcement subtask : servers.announced) {
          look(subtask);
        }
        if (sent && waiting.values().stream().allMatch(Queue::isEmpty)) {
          return;
        }
        Thread.sleep(ASK_EVERY_MS);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Announcement subtask) throws IOException {
    PinnedView view = servers.client.pin(subtask);
    long nowNanos = System.nanoTime();
    servers.client.release(subtask, view.lease());
    Map<Place, Long> shown = new HashMap<>();
    for (Newest newest : view.newest()) {
      shown.put(new Place(newest.shard(), newest.partition()), newest.uploadMicros());
    }
    shown.forEach(
        (place, uploadMicros) -> {
          Queue<Sample> queue = waiting.getOrDefault(place, new ConcurrentLinkedQueue<>());
          for (Sample s = queue.peek();
              s != null && s.uploadMicros <= uploadMicros;
              s = queue.peek()) {
            queue.remove();
            note(s, nowNanos);
          }
        });
  }

  private void note(Sample sample, long nowNanos) {
    if (sample.counts) {
      freshNanos =
          found < freshNanos.length ? freshNanos : Arrays.copyOf(freshNanos, 2 * freshNanos.length);
      freshNanos[found++] = Math.max(0, nowNanos - sample.ackNanos);
    }
  }

  private String report(long messages, double seconds) {
    long[] sorted = LongStream.of(Arrays.copyOf(freshNanos, found)).sorted().toArray();
    long never = waiting.values().stream().mapToLong(Queue::size).sum();
    return String.format(
        Locale.ROOT,
        "freshness at %,.0f messages/s: %,d samples, median %.0f ms, p99 %.0f ms, greatest %.0f ms;"
            + " never shown %d",
        messages / seconds,
        found,
        sorted[found / 2] / 1e6,
        sorted[(int) (found * 0.99)] / 1e6,
        sorted[found - 1] / 1e6,
        never);
  }
}
