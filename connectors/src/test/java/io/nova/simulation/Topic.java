package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.event.mapping.Mapping;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.kafka.value.ValueSettings;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A topic with new events, batches sent again (same upload time) and clients' retries (later upload
 * time). Events are out of order, clocks jump, and some messages are no events.
 */
final class Topic {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  /**
   * A policy for parsing only: the simulation sets window and rule. The ledger is on for digests.
   */
  private static final Policy ANY = new Policy(List.of(), Duration.ZERO, ConflictRule.KEEP_FIRST);

  private static final Duration TOO_FAR_AHEAD = Duration.ofMinutes(5);

  private final Measures measures;
  private final Random random;
  private final EventDeserializer deserializer;
  private final List<List<SimulatedMessage>> partitions = new ArrayList<>();
  private final List<Sent> history = new ArrayList<>();
  private long nowMicros;

  private record Sent(String identity, int app, String payload, long uploadMicros) {}

  private Topic(Measures measures, long seed) {
    this.measures = measures;
    this.random = new Random(seed ^ 0x70);
    this.deserializer =
        new EventDeserializer(
            measures.table(),
            TOO_FAR_AHEAD,
            measures.rules().largestWindow(),
            Mapping.amplitude(),
            PolicyRules.always(ANY),
            true,
            ValueSettings.JSON);
    this.nowMicros = measures.startMicros();
    for (int partition = 0; partition < measures.partitions(); partition++) {
      partitions.add(new ArrayList<>());
    }
  }

  /** The topic of a seed. */
  static Topic draw(Measures measures, long seed) {
    Topic topic = new Topic(measures, seed);
    for (int i = 0; i < measures.messages(); i++) {
      topic.produce();
    }
    return topic;
  }

  List<SimulatedMessage> partition(int partition) {
    return partitions.get(partition);
  }

  List<SimulatedMessage> all() {
    return partitions.stream().flatMap(List::stream).toList();
  }

  private void produce() {
    nowMicros += (long) (random.nextDouble() * 0.7 * Measures.MINUTE_MICROS);
    if (random.nextInt(200) == 0) {
      nowMicros += random.nextInt(90) * Measures.MINUTE_MICROS;
    }
    double kind = random.nextDouble();
    if (kind < 0.04) {
      put(garbage(), new Sent("", 1, "", nowMicros), nowMicros);
    } else {
      event(kind);
    }
  }

  private void event(double kind) {
    Sent sent;
    if (kind < 0.50 || history.isEmpty()) {
      int app = 1 + random.nextInt(3);
      long jitter = (long) (random.nextDouble() * 2 * Measures.MINUTE_MICROS);
      sent = new Sent("i" + history.size(), app, payload(), nowMicros - jitter);
    } else if (kind < 0.65) {
      sent = recent(40);
    } else if (kind < 0.75) {
      sent = recent(history.size());
    } else {
      Sent first = recent(40);
      long later = random.nextInt(measures.windowBlocks(first.app) + 3) * Measures.INTERVAL_MICROS;
      sent =
          new Sent(
              first.identity,
              first.app,
              first.payload,
              Math.min(nowMicros, first.uploadMicros + later));
    }
    if (random.nextInt(4) == 0) {
      sent = new Sent(sent.identity, sent.app, payload(), sent.uploadMicros);
    }
    history.add(sent);
    boolean tooEarly = random.nextInt(100) == 0;
    long written = tooEarly ? sent.uploadMicros - 6 * Measures.MINUTE_MICROS : nowMicros;
    put(json(sent), sent, Math.max(0, written));
  }

  private Sent recent(int reach) {
    int back = random.nextInt(Math.min(reach, history.size()));
    return history.get(history.size() - 1 - back);
  }

  private byte[] json(Sent sent) {
    return utf8(
        "{\"app\":"
            + sent.app
            + ",\"device_id\":\"d\",\"$insert_id\":\""
            + sent.identity
            + "\",\"event_type\":\"t\",\"server_upload_time\":\""
            + time(sent.uploadMicros)
            + "\",\"event_properties\":"
            + sent.payload
            + "}");
  }

  private String payload() {
    String filler = "x".repeat(random.nextInt(measures.fillerBytes() + 1));
    return "{\"n\": " + random.nextInt(3) + ",\"filler\":\"" + filler + "\"}";
  }

  private byte[] garbage() {
    return switch (random.nextInt(4)) {
      case 0 -> utf8("{\"app\":1,");
      case 1 -> utf8("{\"app\":2,\"server_upload_time\":\"" + time(nowMicros) + "\"}");
      case 2 -> utf8("{\"app\":3,\"device_id\":\"d\",\"$insert_id\":\"i\"}");
      default -> new byte[0];
    };
  }

  private static String time(long micros) {
    return LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1000,
            ZoneOffset.UTC)
        .format(TIME);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void put(byte[] value, Sent sent, long writtenMicros) {
    int number = random.nextInt(partitions.size());
    List<SimulatedMessage> partition = partitions.get(number);
    Received received = read(number, partition.size(), value, writtenMicros / 1000);
    long before =
        partition.isEmpty()
            ? Micros.UNKNOWN
            : partition.get(partition.size() - 1).partitionMicros();
    long reached = received.event == null ? before : Math.max(before, sent.uploadMicros);
    partition.add(
        new SimulatedMessage(
            number,
            partition.size(),
            sent.app + ":" + sent.identity,
            sent.payload,
            measures.windowBlocks(sent.app),
            measures.rule(sent.app),
            measures.tracked(sent.app, sent.uploadMicros),
            sent.uploadMicros,
            before,
            reached,
            received));
  }

  private Received read(int partition, long offset, byte[] value, long timestampMs) {
    List<Received> out = new ArrayList<>(1);
    deserializer.deserialize(
        new ConsumerRecord<>(
            "events",
            partition,
            offset,
            timestampMs,
            TimestampType.CREATE_TIME,
            0,
            value.length,
            null,
            value,
            new RecordHeaders(),
            Optional.empty()),
        new ListCollector<>(out));
    return out.get(0);
  }
}
