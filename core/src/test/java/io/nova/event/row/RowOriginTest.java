package io.nova.event.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.TestMessages;
import io.nova.event.TortureSet;
import io.nova.event.TortureSet.Input;
import io.nova.event.identity.FingerprintKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class RowOriginTest {
  private static final FingerprintKey KEY = FingerprintKey.draw();

  private final RowOrigin origin = new RowOrigin(KEY);
  private final RowEncoder encoder = new RowEncoder();

  private byte[] row(byte[] message, int partition, long offset) {
    Parsed.Event event = (Parsed.Event) new EventParser().parse(message);
    return encoder.encode(
        event.fields(),
        new RowEncoder.Placement(offset / 3 - 7, partition / 5, "événements", partition, offset));
  }

  /** Avro's own reader, and the digest of what was encoded. */
  private void assertReadBack(byte[] row, byte[] rows, int from) throws IOException {
    GenericRecord avro =
        new GenericDatumReader<GenericRecord>(EventSchema.avro())
            .read(null, DecoderFactory.get().binaryDecoder(row, null));
    long payload = new PayloadDigest(KEY).of(row, encoder);

    origin.read(rows, from);

    assertThat(origin.partition()).isEqualTo(avro.get(EventSchema.KAFKA_PARTITION));
    assertThat(origin.offset()).isEqualTo(avro.get(EventSchema.KAFKA_OFFSET));
    assertThat(origin.uploadMicros()).isEqualTo(avro.get("server_upload_time"));
    assertThat(origin.payload()).isEqualTo(payload);
  }

  @Test
  void whatWasEncodedIsReadOutOfEachAcceptedInput() throws IOException {
    Random random = new Random(1);
    int accepted = 0;
    for (Input input : TortureSet.all()) {
      if (!input.rejected()) {
        int partition = random.nextInt(31) == 0 ? Integer.MAX_VALUE : random.nextInt(300);
        long offset = random.nextLong() >>> (1 + random.nextInt(62));
        byte[] row = row(input.bytes(), partition, offset);
        byte[] among = new byte[row.length + 200];
        random.nextBytes(among);
        System.arraycopy(row, 0, among, 77, row.length);
        assertReadBack(row, among, 77);
        assertReadBack(row, RowMark.conflicting(row), 0);
        accepted++;
      }
    }
    assertThat(accepted).isGreaterThan(100);
  }

  @Test
  void everyColumnIsSkipped() throws IOException {
    StringBuilder keys =
        new StringBuilder("{\"server_upload_time\":\"1969-12-31 23:59:59.999999\"");
    for (Column column : EventSchema.columns()) {
      if (!column.name().equals("server_upload_time")) {
        keys.append(",\"%s\":%s".formatted(column.key(), value(column.kind())));
      }
    }
    byte[] row = row(TestMessages.utf8(keys + ",\"x\":1}"), 3, 1L << 40);

    assertReadBack(row, row, 0);
    assertThat(origin.uploadMicros()).isEqualTo(-1);
  }

  private static String value(Column.Kind kind) {
    return switch (kind) {
      case STRING -> "\"é" + "x".repeat(300) + "\"";
      case INTEGER -> "-9223372036854775808";
      case DOUBLE -> "-1.5";
      case BOOLEAN -> "true";
      case TIME -> "\"2026-11-20 10:00:00.000001\"";
      case JSON -> "{ \"a\":[1,2]}";
    };
  }

  @Test
  void whatIsNoRowIsRefused() {
    byte[] row =
        row(
            TestMessages.utf8(
                "{\"app\":1,\"uuid\":\"u\",\"server_upload_time\":\"2026-11-20 10:00:00\",\"x\":\"long\"}"),
            3,
            5);
    for (int length = 0; length < row.length - 1; length++) {
      byte[] torn = Arrays.copyOf(row, length);
      assertThatIllegalStateException().isThrownBy(() -> origin.read(torn, 0));
    }
    byte[] negative = new byte[80];
    Arrays.fill(negative, (byte) 1);
    for (byte[] other : List.of(new byte[80], negative)) {
      assertThatIllegalStateException().isThrownBy(() -> origin.read(other, 0));
    }
  }
}
