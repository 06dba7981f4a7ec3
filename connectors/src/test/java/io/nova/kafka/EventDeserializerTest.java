package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.ReadEvents;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.identity.Fingerprint;
import io.nova.event.row.EventSchema;
import io.nova.fixtures.Events;
import io.nova.kafka.source.EarliestOrFail;
import io.nova.shard.Offer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class EventDeserializerTest {
  private static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
  private static final long FIVE_MINUTES = 300_000;

  private static Received received(byte[] value, long timestampMs) {
    return ReadEvents.received(
        NovaWarehouse.RULES,
        new ConsumerRecord<>(
            "events",
            3,
            42,
            timestampMs,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  @Test
  void eventHasItsPlaceItsShardAndItsMessage() {
    byte[] json = Events.at("10:00").id("a").app(7).json();
    Received received = received(json, TEN);

    assertThat(received.rejected).isNull();
    assertThat(received.app).isEqualTo("7");
    assertThat(received.event.partition).isEqualTo(3);
    assertThat(received.event.offset).isEqualTo(42);
    assertThat(received.event.uploadMicros).isEqualTo(TEN * 1000);
    assertThat(received.event.original).isSameAs(json);
    assertThat((long) received.shard)
        .isEqualTo(Long.remainderUnsigned(received.event.high, NovaWarehouse.RULES.shards()));
  }

  @Test
  void onlyRowsAtTheEndOfABatchHaveTheirFingerprint() throws IOException {
    long lastWindow = Instant.parse("2026-11-20T23:50:00Z").toEpochMilli();
    Offer last = received(Events.at("23:50").id("a").json(), lastWindow).event;

    assertThat(String.valueOf(fingerprint(last)))
        .isEqualTo(new Fingerprint(last.high, last.low).hex());
    assertThat(fingerprint(received(Events.at("10:00").id("a").json(), TEN).event)).isNull();
  }

  private static Object fingerprint(Offer event) throws IOException {
    return new GenericDatumReader<GenericRecord>(EventSchema.avro())
        .read(null, DecoderFactory.get().binaryDecoder(event.row, null))
        .get(EventSchema.FINGERPRINT);
  }

  @Test
  void tooEarlyIsMeasuredAgainstTheRecordsOwnTimestamp() {
    byte[] json = Events.at("10:00").json();

    assertThat(received(json, TEN - FIVE_MINUTES).event).isNotNull();
    assertThat(received(json, TEN - FIVE_MINUTES - 1).rejected.reason)
        .isEqualTo(RejectReason.TOO_EARLY);
    assertThat(received(json, -1).event).isNotNull();
  }

  @Test
  void rejectedMessageKeepsTheMessageAndItsPlace() {
    byte[] garbage = "{".getBytes(StandardCharsets.UTF_8);
    Rejected rejected = received(garbage, TEN).rejected;

    assertThat(rejected.original).isSameAs(garbage);
    assertThat(received(garbage, TEN).app).isEqualTo(Tally.NO_APP);
    assertThat(received(null, TEN).rejected.original).isNull();
    assertThat(received(null, TEN).rejected.reason).isEqualTo(RejectReason.NULL_VALUE);
  }

  @Test
  void rejectedRecordNamesReasonAndPlace() {
    Rejected rejected = received("{".getBytes(StandardCharsets.UTF_8), TEN).rejected;
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer("rejected", SizeLimits.of(1_000_000))
            .serialize(rejected, null, null);

    assertThat(record.topic()).isEqualTo("rejected");
    assertThat(text(record.key())).isEqualTo("events-3-42");
    assertThat(record.value()).isSameAs(rejected.original);
    Map<String, String> headers = new TreeMap<>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    assertThat(headers.remove("detail")).isNotBlank();
    assertThat(headers)
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of("reason", "not_json", "topic", "events", "partition", "3", "offset", "42")));
    assertThat(
            new RejectedSerializer("rejected", SizeLimits.of(1_000_000))
                .serialize(received(null, TEN).rejected, null, null)
                .value())
        .isNull();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Test
  @SuppressWarnings("deprecation") // the connector's interface names Kafka's old enum
  void offsetsThatAreGoneAreAFailureNotAJump() {
    assertThat(new EarliestOrFail().getAutoOffsetResetStrategy().name()).isEqualTo("NONE");
  }
}
