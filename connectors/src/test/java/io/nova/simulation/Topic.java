package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.event.mapping.Mapping;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.kafka.value.ValueSettings;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A topic with new events, batches sent again (same upload time) and clients' retries (later upload
 * time). Events are out of order, clocks jump, and some messages are no events.
 *
 * <p>In a third of the topics each message is an array of events, mostly short.
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
  private final Map<Place, SimulatedMessage> places = new HashMap<>();
  private final List<Made> together = new ArrayList<>();
  private final boolean arrays;
  private final List<Sent> history = new ArrayList<>();
  private long nowMicros;

  private record Sent(String identity, int app, String payload, long uploadMicros) {}

  private record Place(int partition, long offset, int index) {}

  /** A record that goes into the next message. */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one
  private record Made(byte[] value, Sent sent) {}

  private Topic(Measures measures, long seed) {
    this.measures = measures;
    this.random = new Random(seed ^ 0x70);
    this.deserializer =
        new EventDeserializer(
            measures.table(),
            TOO_FAR_AHEAD,
            measures.rules().largestWindow(),
            hasArrays(seed) ? arrays() : Mapping.amplitude(),
            PolicyRules.always(ANY),
            true,
            ValueSettings.JSON);
    this.arrays = hasArrays(seed);
    this.nowMicros = measures.startMicros();
    for (int partition = 0; partition < measures.partitions(); partition++) {
      partitions.add(new ArrayList<>());
    }
  }

  /** Other choices of a world follow the seed modulo 2 and 4. */
  private static boolean hasArrays(long seed) {
    return Math.floorMod(seed, 3) == 2;
  }

  /** Amplitude's mapping for messages that are arrays of its records. */
  private static Mapping arrays() {
    try (InputStream in = Topic.class.getResourceAsStream("/io/nova/mappings/amplitude.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Mapping.parse("arrays", text.replaceFirst("\\{", "{\"each\":\"\","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /** The element at a place. */
  SimulatedMessage at(int partition, long offset, int index) {
    return Objects.requireNonNull(places.get(new Place(partition, offset, index)));
  }

  /** The offset to go on from, where all elements before a position were read. */
  long offset(int partition, int position) {
    List<SimulatedMessage> all = partitions.get(partition);
    if (position < all.size()) {
      return all.get(position).offset();
    }
    return position == 0 ? 0 : all.get(position - 1).offset() + 1;
  }

  /** The offsets to go on from, by partition. */
  Map<Integer, Long> offsets(List<Integer> positions) {
    return IntStream.range(0, positions.size())
        .boxed()
        .collect(Collectors.toMap(p -> p, p -> offset(p, positions.get(p))));
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
      case 0 -> utf8(arrays ? "[{\"app\":1}]" : "{\"app\":1,");
      case 1 -> utf8("{\"app\":2,\"server_upload_time\":\"" + time(nowMicros) + "\"}");
      case 2 -> utf8("{\"app\":3,\"device_id\":\"d\",\"$insert_id\":\"i\"}");
      default -> arrays ? utf8("null") : new byte[0];
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
    together.add(new Made(value, sent));
    if (arrays && random.nextInt(3) != 0 && together.size() < 50) {
      return;
    }
    int number = random.nextInt(partitions.size());
    long offset = offset(number, partitions.get(number).size());
    List<Received> read = read(number, offset, message(), writtenMicros / 1000);
    if (read.size() != together.size()) {
      throw new AssertionError(
          "%d records were sent, %d were read".formatted(together.size(), read.size()));
    }
    for (int index = 0; index < read.size(); index++) {
      add(number, (int) offset, index, together.get(index).sent, read.get(index));
    }
    together.clear();
  }

  private byte[] message() {
    return arrays
        ? utf8(
            together.stream()
                .map(one -> new String(one.value, StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]")))
        : together.get(0).value;
  }

  private void add(int number, int offset, int index, Sent sent, Received received) {
    List<SimulatedMessage> partition = partitions.get(number);
    long before =
        partition.isEmpty()
            ? Micros.UNKNOWN
            : partition.get(partition.size() - 1).partitionMicros();
    long reached = received.event == null ? before : Math.max(before, sent.uploadMicros);
    SimulatedMessage message =
        new SimulatedMessage(
            number,
            offset,
            index,
            sent.app + ":" + sent.identity,
            sent.payload,
            measures.windowBlocks(sent.app),
            measures.rule(sent.app),
            measures.tracked(sent.app, sent.uploadMicros),
            sent.uploadMicros,
            before,
            reached,
            received);
    partition.add(message);
    places.put(new Place(number, offset, index), message);
  }

  private List<Received> read(int partition, long offset, byte[] value, long timestampMs) {
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
    return out;
  }
}
