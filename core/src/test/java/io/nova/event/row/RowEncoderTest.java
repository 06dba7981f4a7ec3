package io.nova.event.row;

import static io.nova.event.TestMessages.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.TestMessages;
import java.io.IOException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class RowEncoderTest {
  private static GenericRecord row(EventFields fields) throws IOException {
    byte[] bytes =
        new RowEncoder().encode(fields, new RowEncoder.Placement(-3, 5, "events", 2, 1L << 40));
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    GenericRecord row =
        new GenericDatumReader<GenericRecord>(EventSchema.avro()).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return row;
  }

  @Test
  void aRowHoldsWhatTheMessageHeld() throws IOException {
    EventFields fields =
        with(
            "\"city\":\"é\\u0000\",\"location_lat\":-1.5,\"is_attribution_event\":false,"
                + "\"event_time\":\"1969-12-31 23:59:59.999999\",\"plan\":{ \"a\":\"é\"},\"x\":1");
    GenericRecord row = row(fields);

    assertThat(row.get("batch_number")).isEqualTo(-3L);
    assertThat(row.get("shard")).isEqualTo(5);
    assertThat(row.get("kafka_topic").toString()).isEqualTo("events");
    assertThat(row.get("kafka_partition")).isEqualTo(2);
    assertThat(row.get("kafka_offset")).isEqualTo(1L << 40);
    assertThat(row.get("user").toString()).isEqualTo("d1");
    assertThat(row.get("extra").toString()).isEqualTo("{\"x\":1}");
    for (Column column : EventSchema.columns()) {
      Object found = row.get(column.name());
      Object plain = found instanceof CharSequence text ? text.toString() : found;
      assertThat(plain).as(column.name()).isEqualTo(TestMessages.value(fields, column.name()));
    }
  }

  @Test
  void userIsAmplitudeIdElseUserIdElseDeviceId() throws IOException {
    assertThat(row(with("\"amplitude_id\":12,\"user_id\":\"u\"")).get("user").toString())
        .isEqualTo("12");
    assertThat(row(with("\"amplitude_id\":null,\"user_id\":\"u\"")).get("user").toString())
        .isEqualTo("u");
    assertThat(row(with("\"user_id\":\"\"")).get("user").toString()).isEqualTo("d1");
    Parsed.Event nobody =
        (Parsed.Event)
            TestMessages.parse(
                "{\"app\":1,\"uuid\":\"u\",\"server_upload_time\":\"2026-11-20 10:00:00\"}");
    assertThat(row(nobody.fields()).get("user")).isNull();
  }
}
