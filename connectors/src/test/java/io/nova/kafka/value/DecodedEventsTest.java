package io.nova.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.RejectReason;
import io.nova.event.format.ValueFormat;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.fixtures.SchemaRegistryServer;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.Received;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DecodedEventsTest {
  private static final String SCHEMA =
      """
      {"type": "record", "name": "Event", "fields": [
        {"name": "app", "type": "long"},
        {"name": "device_id", "type": ["null", "string"]},
        {"name": "insert_id", "type": "string"},
        {"name": "server_upload_time", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "plan", "type": "string"}
      ]}
      """;
  private static final Mapping MAPPING =
      Mapping.parse(
          "own",
          "{\"version\":1,\"app\":\"/app\",\"device\":\"/device_id\",\"id\":\"/insert_id\","
              + "\"upload_time\":\"/server_upload_time\"}");
  private static final long TEN = 1_795_168_800_000_000L;

  private final SchemaRegistryServer registry = new SchemaRegistryServer();

  @AfterEach
  void stop() {
    registry.close();
  }

  private static byte[] avro(String device, String plan) throws IOException {
    GenericRecord event = new GenericData.Record(new Schema.Parser().parse(SCHEMA));
    event.put("app", 7L);
    event.put("device_id", device);
    event.put("insert_id", "i1");
    event.put("server_upload_time", TEN);
    event.put("plan", plan);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] json(String device, String plan) {
    return ("{\"app\":7,\"device_id\":\"%s\",\"insert_id\":\"i1\","
            + "\"server_upload_time\":\"2026-11-20T10:00:00Z\",\"plan\":\"%s\"}")
        .formatted(device, plan)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static EventDeserializer deserializer(ValueSettings values) {
    return deserializer(MAPPING, values);
  }

  private static EventDeserializer deserializer(Mapping mapping, ValueSettings values) {
    return new EventDeserializer(
        NovaWarehouse.RULES,
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        mapping,
        PolicyRules.always(new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.REJECT)),
        false,
        values);
  }

  private static Received received(EventDeserializer deserializer, byte[] message) {
    List<Received> read = new ArrayList<>();
    deserializer.deserialize(
        new ConsumerRecord<>("events", 3, 42, null, message), new ListCollector<>(read));
    return read.get(0);
  }

  private static Received received(ValueSettings values, byte[] message) {
    EventDeserializer deserializer = deserializer(values);
    Received received = received(deserializer, message);
    deserializer.stopWaiting();
    return received;
  }

  private static Offer event(ValueSettings values, byte[] message) {
    return Objects.requireNonNull(received(values, message).event);
  }

  private ValueSettings ofRegistry() {
    return ValueSettings.registry(ValueFormat.AVRO, registry.url(), "");
  }

  private static GenericRecord row(Offer event) throws IOException {
    return new GenericDatumReader<GenericRecord>(EventSchema.avro())
        .read(null, DecoderFactory.get().binaryDecoder(event.row, null));
  }

  /** Its elements are JSON, also on the rejected topic. */
  @Test
  void aRecordWithSeveralEventsIsDecodedFirst() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Request", "fields": [
                  {"name": "app", "type": "long"},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "ids", "type": {"type": "array", "items":
                    {"type": "record", "name": "Id", "fields": [{"name": "id", "type": "string"}]}}}
                ]}
                """);
    GenericRecord request = new GenericData.Record(schema);
    request.put("app", 7L);
    request.put("at", TEN);
    List<GenericRecord> ids = new ArrayList<>();
    for (String id : List.of("a", "", "b")) {
      GenericRecord one = new GenericData.Record(schema.getField("ids").schema().getElementType());
      one.put("id", id);
      ids.add(one);
    }
    request.put("ids", ids);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(request, encoder);
    encoder.flush();
    Mapping mapping =
        Mapping.parse(
            "requests",
            "{\"version\":1,\"each\":\"/ids\",\"app\":\"envelope:/app\","
                + "\"upload_time\":\"envelope:/at\",\"id\":\"/id\",\"identity\":[\"insert_id\"]}");
    List<Received> read = new ArrayList<>();
    deserializer(mapping, ValueSettings.avro(schema.toString()))
        .deserialize(
            new ConsumerRecord<>("events", 3, 42, null, bytes.toByteArray()),
            new ListCollector<>(read));

    assertThat(read).hasSize(3);
    assertThat(row(Objects.requireNonNull(read.get(2).event)).get(EventSchema.KAFKA_INDEX))
        .isEqualTo(2);
    assertThat(read.get(2).event.uploadMicros).isEqualTo(TEN);
    assertThat(read.get(1).rejected.reason).isEqualTo(RejectReason.IDENTITY_MISSING);
    assertThat(new String(read.get(1).rejected.original, StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":\"\"}");
  }

  @Test
  void anAvroEventIsTheEventOfItsJson() throws Exception {
    registry.avro(5, SCHEMA);
    Offer ofJson = event(ValueSettings.JSON, json("d", "free"));
    byte[] message = SchemaRegistryServer.message(5, avro("d", "free"));
    Offer ofRegistry = event(ofRegistry(), message);
    Offer ofFile = event(ValueSettings.avro(SCHEMA), avro("d", "free"));

    for (Offer event : List.of(ofRegistry, ofFile)) {
      assertThat(event.high).isEqualTo(ofJson.high);
      assertThat(event.low).isEqualTo(ofJson.low);
      assertThat(event.uploadMicros).isEqualTo(TEN);
      GenericRecord row = row(event);
      assertThat(row.get("device_id")).hasToString("d");
      assertThat(row.get("extra")).hasToString("{\"plan\":\"free\"}");
    }
    assertThat(ofRegistry.original).as("the bytes of the record").isSameAs(message);
  }

  /** A conflict is another record, not another encoding of the same one. */
  @Test
  void payloadsAreComparedAsDecoded() throws Exception {
    registry.avro(5, SCHEMA);
    registry.avro(6, SCHEMA.replace("\"Event\"", "\"Renamed\""));
    Offer first = event(ofRegistry(), SchemaRegistryServer.message(5, avro("d", "free")));
    Offer copy = event(ofRegistry(), SchemaRegistryServer.message(6, avro("d", "free")));
    Offer other = event(ofRegistry(), SchemaRegistryServer.message(5, avro("d", "paid")));

    assertThat(first.tracked).isTrue();
    assertThat(copy.payload).isEqualTo(first.payload);
    assertThat(other.payload).isNotEqualTo(first.payload);
  }

  private void assertUndecodable(byte[] message, String why) {
    Received received = received(ofRegistry(), message);

    assertThat(received.rejected).isNotNull();
    assertThat(received.rejected.reason).isEqualTo(RejectReason.UNDECODABLE);
    assertThat(received.rejected.detail).contains(why);
    assertThat(received.rejected.original).isSameAs(message);
  }

  @Test
  void whatNoSchemaFitsIsUndecodable() throws Exception {
    registry.avro(5, SCHEMA);
    byte[] good = avro("d", "free");

    assertUndecodable(SchemaRegistryServer.message(99, good), "schema 99");
    assertUndecodable(SchemaRegistryServer.message(5, new byte[] {1}), "does not fit");
    assertUndecodable(json("d", "free"), "7b22617070");
    assertUndecodable(new byte[] {0, 0, 0}, "000000");
    byte[] noUtf8 = SchemaRegistryServer.message(5, avro("d", "free"));
    noUtf8[noUtf8.length - 1] = (byte) 0xff;
    assertUndecodable(noUtf8, "UTF-8");
  }

  @Test
  void nothingIsStillNothing() {
    assertThat(Objects.requireNonNull(received(ofRegistry(), null).rejected).reason)
        .isEqualTo(RejectReason.NULL_VALUE);
    assertThat(Objects.requireNonNull(received(ofRegistry(), new byte[0]).rejected).reason)
        .isEqualTo(RejectReason.EMPTY);
  }

  @Test
  void aRecordThatTheMappingRejectsHasTheMappingsReason() throws Exception {
    registry.avro(5, SCHEMA);

    assertThat(
            Objects.requireNonNull(
                    received(ofRegistry(), SchemaRegistryServer.message(5, avro(null, "free")))
                        .rejected)
                .reason)
        .isEqualTo(RejectReason.IDENTITY_MISSING);
  }

  /** The gauges that were registered, by name. */
  private static final class Gauges extends UnregisteredMetricsGroup {
    private final Map<String, Gauge<?>> byName = new HashMap<>();

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      byName.put(name, gauge);
      return gauge;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return this;
    }

    int value(String name) {
      return (Integer) Objects.requireNonNull(byName.get(name)).getValue();
    }
  }

  private static Gauges opened(EventDeserializer deserializer) {
    Gauges gauges = new Gauges();
    deserializer.open(
        new DeserializationSchema.InitializationContext() {
          @Override
          public MetricGroup getMetricGroup() {
            return gauges;
          }

          @Override
          public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
          }
        });
    return gauges;
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aMessageWaitsWhileTheRegistryIsAwayAndIsAnEventThen() throws Exception {
    registry.avro(5, SCHEMA);
    registry.goAway();
    byte[] message = SchemaRegistryServer.message(5, avro("d", "free"));
    EventDeserializer deserializer = deserializer(ofRegistry());
    Gauges gauges = opened(deserializer);
    Thread polling = new Thread(() -> deserializer.prepare(message));
    polling.start();
    while (gauges.value("registryAway") == 0) {
      Thread.sleep(5);
    }
    assertThat(polling.isAlive()).isTrue();

    registry.comeBack();
    polling.join();
    assertThat(gauges.value("registryAway")).isZero();
    registry.goAway();
    assertThat(received(deserializer, message).event)
        .as("the schema is known, so nobody is asked")
        .isNotNull();
    deserializer.stopWaiting();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theWaitEndsWithTheSource() throws Exception {
    registry.goAway();
    EventDeserializer deserializer = deserializer(ofRegistry());
    Gauges gauges = opened(deserializer);
    Thread polling =
        new Thread(() -> deserializer.prepare(SchemaRegistryServer.message(5, new byte[1])));
    polling.start();
    while (gauges.value("registryAway") == 0) {
      Thread.sleep(5);
    }
    deserializer.stopWaiting();
    polling.join();
  }

  @Test
  void jsonNeedsNoPreparation() {
    EventDeserializer deserializer = deserializer(ValueSettings.JSON);

    assertThat(deserializer.prepares()).isFalse();
    assertThat(opened(deserializer).byName).doesNotContainKey("registryAway");
  }
}
