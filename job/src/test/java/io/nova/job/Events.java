package io.nova.job;

import io.nova.event.FingerprintKey;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.Received;
import io.nova.table.TableRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Events of one day, read as the source reads them. */
final class Events {
  static final String TOPIC = "events";
  static final TableRules RULES =
      new TableRules(
          8,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private final String uploadTime;
  private String device = "d1";
  private String id = "i1";
  private int partition;
  private long offset;

  private Events(String uploadTime) {
    this.uploadTime = uploadTime;
  }

  /** An event uploaded at this time, {@code HH:mm} of 2026-03-02, or a whole date and time. */
  static Events at(String time) {
    return new Events(time.length() == 5 ? "2026-03-02 " + time + ":00.000000" : time);
  }

  Events by(String deviceId) {
    device = deviceId;
    return this;
  }

  Events id(String insertId) {
    id = insertId;
    return this;
  }

  Events from(int kafkaPartition, long kafkaOffset) {
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
            + "\",\"event_properties\":{\"n\": 1}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  Received received() {
    return read(partition, offset, json());
  }

  /** What the source makes of a message. */
  static Received read(int partition, long offset, byte[] message) {
    List<Received> read = new ArrayList<>();
    new EventDeserializer(RULES, Duration.ofMinutes(5))
        .deserialize(
            new ConsumerRecord<>(TOPIC, partition, offset, null, message),
            new ListCollector<>(read));
    return read.get(0);
  }
}
