package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class RejectedSerializerTest {
  private static final int LIMIT = 100_000;

  private static ProducerRecord<byte[], byte[]> record(byte[] original, SizeLimit limit) {
    Rejected rejected =
        Rejected.of(RejectReason.TOO_LATE, "found 09:00.", "events", 3, 1L << 40, original);
    return new RejectedSerializer("rejected", limit).serialize(rejected, null, null);
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static byte[] compressible(int bytes) {
    byte[] same = new byte[bytes];
    Arrays.fill(same, (byte) 'a');
    return same;
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "none" : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Test
  void aMessageThatTheTopicTakesIsWrittenWhole() {
    byte[] original = noise(LIMIT - 400);
    ProducerRecord<byte[], byte[]> record = record(original, SizeLimits.of(LIMIT));

    assertThat(record.value()).isEqualTo(original);
    assertThat(header(record, "truncated")).isEqualTo("none");
  }

  @Test
  void theUploadTimeIsThereWhereItWasReadOnly() {
    Rejected late = Rejected.of(RejectReason.TOO_LATE, "late", "events", 3, 1, new byte[1]);
    RejectedSerializer serializer = new RejectedSerializer("rejected", SizeLimits.of(LIMIT));

    assertThat(header(serializer.serialize(late, null, null), "upload_micros")).isEqualTo("none");
    assertThat(header(serializer.serialize(late.uploadedAt(-5), null, null), "upload_micros"))
        .isEqualTo("-5");
  }

  /** Key and headers come on top. */
  @Test
  void aMessageAtTheLimitIsWrittenWithoutItsValueAndWithItsPlace() {
    ProducerRecord<byte[], byte[]> record = record(noise(LIMIT - 80), SizeLimits.of(LIMIT));

    assertThat(record.value()).isNull();
    assertThat(record.key()).asString().isEqualTo("events-3-1099511627776");
    assertThat(header(record, "truncated")).isEqualTo("99920");
    assertThat(header(record, "reason")).isEqualTo("too_late");
    assertThat(header(record, "topic")).isEqualTo("events");
    assertThat(header(record, "partition")).isEqualTo("3");
    assertThat(header(record, "offset")).isEqualTo("1099511627776");
    assertThat(header(record, "detail"))
        .isEqualTo(
            "found 09:00. (The value of 99920 bytes is left out: topic any takes 100000 bytes, its"
                + " producer 33554432 uncompressed.)");
  }

  @Test
  void aMessageThatItsProducerCompressedIsWrittenWhole() {
    ProducerRecord<byte[], byte[]> record = record(compressible(20 * LIMIT), SizeLimits.of(LIMIT));

    assertThat(record.value()).hasSize(20 * LIMIT);
  }

  @Test
  void aTopicThatDoesNotCompressTakesNoMessageThatFitsOnlyCompressed() {
    SizeLimit limit = SizeLimits.of(LIMIT);
    limit.limit(LIMIT, "uncompressed");

    assertThat(record(compressible(20 * LIMIT), limit).value()).isNull();
  }

  /** The producer has 32 MB for all its records, and looks at the size before compression. */
  @Test
  void aMessageLargerThanTheProducersMemoryIsWrittenWithoutItsValue() {
    ProducerRecord<byte[], byte[]> record = record(compressible(33 << 20), SizeLimits.of(LIMIT));

    assertThat(record.value()).isNull();
    assertThat(header(record, "detail")).contains("its producer 33554432 uncompressed");
  }

  /** A detail may quote the message: a key that occurs twice, say. */
  @Test
  void aDetailOfAnyLengthLeavesARecordThatTheTopicTakes() {
    SizeLimit limit = SizeLimits.of(SizeLimit.SMALLEST);
    String topic = "t".repeat(249);
    String detail = new String(noise(LIMIT), StandardCharsets.ISO_8859_1);
    Rejected rejected =
        Rejected.of(RejectReason.DUPLICATE_KEY, detail, topic, 3, 1L << 40, noise(LIMIT));
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer(topic, limit).serialize(rejected, null, null);

    assertThat(record.value()).isNull();
    assertThat(limit.fits(record)).isTrue();
    assertThat(header(record, "detail"))
        .startsWith(detail.substring(0, 1000) + "... (The value of 100000 bytes is left out");
  }

  @Test
  void aMessageWithoutValueIsNotTruncated() {
    Rejected rejected = Rejected.of(RejectReason.NULL_VALUE, "found null", "events", 3, 1, null);
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer("rejected", SizeLimits.of(10)).serialize(rejected, null, null);

    assertThat(record.value()).isNull();
    assertThat(header(record, "truncated")).isEqualTo("none");
  }
}
