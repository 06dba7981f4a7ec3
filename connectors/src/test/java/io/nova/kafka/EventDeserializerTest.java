package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.ReadEvents;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.identity.Fingerprint;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.fixtures.Events;
import io.nova.kafka.source.EarliestOrFail;
import io.nova.kafka.value.ValueSettings;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
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

  private static final Mapping EACH =
      Mapping.parse(
          "each",
          "{\"version\":1,\"each\":\"/batch\",\"app\":\"envelope:/app\",\"upload_time\":\"/t\","
              + "\"id\":\"/id\",\"identity\":[\"insert_id\"]}");

  private static final Mapping NO_ENVELOPE =
      Mapping.parse(
          "test.json",
          "{\"version\":1,\"each\":\"/batch\",\"app\":\"/app\",\"upload_time\":\"/t\","
              + "\"id\":\"/id\",\"identity\":[\"insert_id\"]}");

  private static List<Received> elements(Mapping mapping, byte[] value, Header... headers) {
    List<Received> out = new ArrayList<>();
    new EventDeserializer(
            NovaWarehouse.RULES,
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            mapping,
            PolicyRules.always(
                new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST)),
            false,
            ValueSettings.JSON)
        .deserialize(
            new ConsumerRecord<>(
                "events",
                3,
                42,
                TEN,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                value,
                new RecordHeaders(headers),
                Optional.empty()),
            new ListCollector<>(out));
    return out;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void eachElementHasItsIndexItsBytesAndItsEnvelope() throws IOException {
    String a = "{\"id\":\"a\",\"t\":\"2026-11-20T10:00:00Z\"}";
    List<Received> read =
        elements(EACH, utf8("{\"app\":7,\"batch\":[" + a + ",null, {\"id\":\"b\"}," + a + "]}"));

    assertThat(read).hasSize(4);
    Offer last = read.get(3).event;
    assertThat(List.of(last.partition, last.index)).containsExactly(3, 3);
    assertThat(last.offset).isEqualTo(42);
    assertThat(last.app).isEqualTo("7");
    assertThat(text(last.original)).isEqualTo(a);
    assertThat(last.element).isTrue();
    assertThat(text(last.envelope)).isEqualTo("{\"app\":7,\"batch\":[]}");
    assertThat(column(last, EventSchema.KAFKA_INDEX)).isEqualTo(3);
    assertThat(read.get(0).event.low).isEqualTo(last.low);
    Rejected bad = read.get(1).rejected;
    assertThat(bad.reason).isEqualTo(RejectReason.NOT_AN_OBJECT);
    assertThat(bad.index).isEqualTo(1);
    assertThat(text(bad.original)).isEqualTo("null");
    assertThat(read.get(2).rejected.reason).isEqualTo(RejectReason.UPLOAD_TIME_MISSING);
  }

  private static Object column(Offer event, String name) throws IOException {
    return new GenericDatumReader<GenericRecord>(EventSchema.avro())
        .read(null, DecoderFactory.get().binaryDecoder(event.row, null))
        .get(name);
  }

  @Test
  void aBadMessageIsRejectedOnceWithAllItsBytes() {
    byte[] cut = utf8("{\"app\":7,\"batch\":[{\"id\":\"a\"}");
    List<Received> read = elements(EACH, cut);

    assertThat(read).hasSize(1);
    assertThat(read.get(0).rejected.reason).isEqualTo(RejectReason.NOT_JSON);
    assertThat(read.get(0).rejected.original).isSameAs(cut);
    assertThat(read.get(0).rejected.envelope).isNull();
  }

  /** The offset is still read, so progress and closing offsets pass it. */
  @Test
  void aMessageWithoutElementsIsReadAndIsNothing() {
    List<Received> read = elements(EACH, utf8("{\"app\":7,\"batch\":[]}"));

    assertThat(read).hasSize(1);
    assertThat(read.get(0).nothing).isTrue();
    assertThat(read.get(0).event).isNull();
    assertThat(read.get(0).rejected).isNull();
    assertThat(List.of(read.get(0).partition, read.get(0).offset)).isEqualTo(List.of(3, 42L));
  }

  @Test
  void aReplayedElementIsReadWithTheEnvelopeOfItsHeader() {
    Rejected late =
        elements(EACH, utf8("{\"app\":7,\"batch\":[null,{\"id\":\"b\"}]}")).get(1).rejected;
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer("rejected", SizeLimits.of(1_000_000)).serialize(late, null, null);
    assertThat(text(record.key())).isEqualTo("events-3-42-1");
    assertThat(text(record.headers().lastHeader("index").value())).isEqualTo("1");
    Header header = record.headers().lastHeader("nova-element");

    byte[] corrected = utf8("{\"id\":\"b\",\"t\":\"2026-11-20T10:00:00Z\"}");
    List<Received> read = elements(EACH, corrected, header);

    assertThat(read).hasSize(1);
    assertThat(read.get(0).event.app).isEqualTo("7");
    assertThat(read.get(0).event.index).isZero();
    assertThat(read.get(0).event.element).isTrue();
    assertThat(elements(EACH, corrected).get(0).rejected.reason)
        .as("without the header")
        .isEqualTo(RejectReason.ELEMENTS_MISSING);
  }

  /** The mapping that rejected it read no envelope, the corrected one does. */
  @Test
  void aReplayWithACorrectedMappingReadsTheEnvelopeOfARejectedElement() {
    byte[] element = utf8("{\"id\":\"b\",\"t\":\"2026-11-20T10:00:00Z\"}");
    String good = "{\"id\":\"b\",\"app\":8,\"t\":\"2026-11-20T10:00:00Z\"}";
    List<Received> read =
        elements(NO_ENVELOPE, utf8("{\"app\":7,\"batch\":[" + text(element) + "," + good + "]}"));
    Header header =
        new RejectedSerializer("rejected", SizeLimits.of(1_000_000))
            .serialize(read.get(0).rejected, null, null)
            .headers()
            .lastHeader("nova-element");

    assertThat(read.get(0).rejected.reason).isEqualTo(RejectReason.APP_MISSING);
    assertThat(read.get(1).event.envelope).as("of an admitted element").isEmpty();
    assertThat(elements(EACH, element, header).get(0).event.app).isEqualTo("7");
  }

  private static String noise(int length) {
    return new Random(length)
        .ints(length, 'a', 'z')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void anElementThatItsTopicDoesNotTakeIsWrittenWithoutItsEnvelope() {
    String message =
        "{\"app\":7,\"pad\":\"%s\",\"batch\":[{\"id\":\"%s\"}]}"
            .formatted(noise(7_000), noise(40_000));
    Rejected rejected = elements(EACH, utf8(message)).get(0).rejected;
    SizeLimit limit = SizeLimits.of(SizeLimit.SMALLEST);
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer("rejected", limit).serialize(rejected, null, null);

    assertThat(rejected.envelope.length).isGreaterThan(7_000);
    assertThat(record.value()).isNull();
    assertThat(record.headers().lastHeader("nova-element").value()).isEmpty();
    assertThat(limit.fits(record)).isTrue();
  }
}
