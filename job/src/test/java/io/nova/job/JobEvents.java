package io.nova.job;

import io.nova.event.Micros;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.fixtures.Events;
import io.nova.iceberg.TableRules;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.kafka.value.ValueSettings;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An event under a policy, read as the source reads its message. */
public final class JobEvents {
  static final String TOPIC = "events";
  static final TableRules RULES =
      new TableRules(
          8,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private Events message;
  private ConflictRule conflict = ConflictRule.KEEP_FIRST;
  private List<String> identity = List.of();
  private boolean tracked = true;
  private int partition;
  private long offset;
  private long progressMicros = Micros.UNKNOWN;
  private boolean encoded;
  private int index = -1;
  private int envelopeBytes;

  private JobEvents(Events message) {
    this.message = message;
  }

  /** An event uploaded at a time such as 10:02, or at a date and time. */
  public static JobEvents at(String time) {
    Events message = Events.at(time).device("d1").id("i1");
    return new JobEvents(
        message
            .with("event_type", "\"open\"")
            .with("event_time", message.value("server_upload_time"))
            .with("client_event_time", "\"%s 10:00:00\"".formatted(Events.DAY))
            .with("event_properties", "{\"n\": 1}"));
  }

  public JobEvents by(String device) {
    message = message.device(device);
    return this;
  }

  public JobEvents id(String insertId) {
    message = message.id(insertId);
    return this;
  }

  public JobEvents saying(String properties) {
    message = message.with("event_properties", properties);
    return this;
  }

  public JobEvents under(ConflictRule rule) {
    conflict = rule;
    return this;
  }

  /** Reads it under a policy with these identity columns. */
  public JobEvents identifiedBy(String... columns) {
    identity = List.of(columns);
    return this;
  }

  /** Read as if its message were not JSON, so that only the source can decode it. */
  public JobEvents encoded() {
    encoded = true;
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

  /** One of several elements of its message. */
  public JobEvents element(int place) {
    index = place;
    return this;
  }

  /** An element, with an envelope of this size. */
  public JobEvents element(int place, int envelope) {
    envelopeBytes = envelope;
    return element(place);
  }

  /** The progress of its partition before it, as an upload time. */
  public JobEvents after(String time) {
    progressMicros = Objects.requireNonNull(at(time).received().event).uploadMicros;
    return this;
  }

  byte[] json() {
    return message.json();
  }

  public Received received() {
    Received received = read(new Policy(identity, WINDOW, conflict), partition, offset, json());
    Offer event = Objects.requireNonNull(received.event);
    event.tracked = tracked;
    event.progressMicros = progressMicros;
    if (index >= 0) {
      event.element = true;
      event.index = index;
      event.envelope = new byte[envelopeBytes];
    }
    if (encoded) {
      event.original = new byte[] {0, 0, 0, 0, 7};
    }
    return received;
  }

  /** Reads a message as the source does. */
  static Received read(int partition, long offset, byte[] message) {
    return read(new Policy(List.of(), WINDOW, ConflictRule.KEEP_FIRST), partition, offset, message);
  }

  private static Received read(Policy policy, int partition, long offset, byte[] message) {
    List<Received> read = new ArrayList<>();
    new EventDeserializer(
            RULES,
            Duration.ofMinutes(5),
            WINDOW,
            Mapping.amplitude(),
            PolicyRules.always(policy),
            true,
            ValueSettings.JSON)
        .deserialize(
            new ConsumerRecord<>(TOPIC, partition, offset, null, message),
            new ListCollector<>(read));
    return read.get(0);
  }
}
