package io.nova.job;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.iceberg.TableRules;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Events of one day, parsed as the source parses them. */
public final class JobEvents {
  static final String TOPIC = "events";
  static final TableRules RULES =
      new TableRules(
          8,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final String uploadTime;
  private String device = "d1";
  private String id = "i1";
  private String payload = "{\"n\": 1}";
  private ConflictRule conflict = ConflictRule.KEEP_FIRST;
  private List<String> identity = List.of();
  private boolean tracked = true;
  private int partition;
  private long offset;

  private JobEvents(String uploadTime) {
    this.uploadTime = uploadTime;
  }

  /** An event uploaded at this time, {@code HH:mm} of 2026-03-02, or a whole date and time. */
  public static JobEvents at(String time) {
    return new JobEvents(time.length() == 5 ? "2026-03-02 " + time + ":00.000000" : time);
  }

  public JobEvents by(String deviceId) {
    device = deviceId;
    return this;
  }

  public JobEvents id(String insertId) {
    id = insertId;
    return this;
  }

  public JobEvents saying(String properties) {
    payload = properties;
    return this;
  }

  public JobEvents under(ConflictRule rule) {
    conflict = rule;
    return this;
  }

  /** Under a policy that names these columns. */
  public JobEvents identifiedBy(String... columns) {
    identity = List.of(columns);
    return this;
  }

  /** Read as if nobody asked for the payloads of copies. */
  public JobEvents untracked() {
    tracked = false;
    return this;
  }

  public JobEvents from(int kafkaPartition, long kafkaOffset) {
    partition = kafkaPartition;
    offset = kafkaOffset;
    return this;
  }

  byte[] json() {
    return ("{\"app\":1,\"device_id\":\""
            + device
            + "\",\"$insert_id\":\""
            + id
            + "\",\"event_type\":\"open\",\"server_upload_time\":\""
            + uploadTime
            + "\",\"event_time\":\""
            + uploadTime
            + "\",\"client_event_time\":\"2026-03-02 10:00:00.000000\",\"event_properties\":"
            + payload
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  public Received received() {
    Received received = read(new Policy(identity, WINDOW, conflict), partition, offset, json());
    Objects.requireNonNull(received.event).tracked = tracked;
    return received;
  }

  /** What the source makes of a message. */
  static Received read(int partition, long offset, byte[] message) {
    return read(new Policy(List.of(), WINDOW, ConflictRule.KEEP_FIRST), partition, offset, message);
  }

  private static Received read(Policy policy, int partition, long offset, byte[] message) {
    List<Received> read = new ArrayList<>();
    new EventDeserializer(
            RULES, Duration.ofMinutes(5), Mapping.amplitude(), PolicyRules.always(policy), true)
        .deserialize(
            new ConsumerRecord<>(TOPIC, partition, offset, null, message),
            new ListCollector<>(read));
    return read.get(0);
  }
}
