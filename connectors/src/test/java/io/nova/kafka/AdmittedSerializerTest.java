package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class AdmittedSerializerTest {
  private static final int LIMIT = 100_000;
  private static final String RUN = "e27eec8e-0000-4000-8000-000000000001";

  private static AdmittedSerializer serializer() {
    return new AdmittedSerializer("admitted", SizeLimits.of(LIMIT));
  }

  private static Admitted event(byte[] original) {
    Admitted event = new Admitted();
    event.topic = "events";
    event.partition = 3;
    event.offset = 1L << 40;
    event.uploadMicros = 1_795_000_000_000_001L;
    event.batch = 20_775;
    event.high = 0x0123456789abcdefL;
    event.low = -1;
    event.generation = RUN;
    event.original = original;
    return event;
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new TreeMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  @Test
  void theValueIsTheMessageAndTheHeadersSayTheRest() {
    byte[] original = noise(500);

    ProducerRecord<byte[], byte[]> record = serializer().serialize(event(original), null, null);

    assertThat(record.topic()).isEqualTo("admitted");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(record.key()).asString().isEqualTo("events-3-1099511627776");
    assertThat(record.value()).isEqualTo(original);
    assertThat(headers(record))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "topic", "events",
                "partition", "3",
                "offset", "1099511627776",
                "upload_micros", "1795000000000001",
                "batch", "20775",
                "fingerprint", "0123456789abcdefffffffffffffffff",
                "generation", RUN));
  }

  @Test
  void aGenerationThatIsNotKnownIsLeftOut() {
    Admitted event = event(noise(5));
    event.generation = "";

    assertThat(headers(serializer().serialize(event, null, null))).doesNotContainKey("generation");
  }

  /** Null would be a tombstone: compaction would delete the record. */
  @Test
  void aMessageThatTheTopicDoesNotTakeLeavesARecordWithItsPlaceAndAnEmptyValue() {
    ProducerRecord<byte[], byte[]> record = serializer().serialize(event(noise(LIMIT)), null, null);

    assertThat(record.value()).isNotNull().isEmpty();
    assertThat(record.key()).asString().isEqualTo("events-3-1099511627776");
    assertThat(headers(record))
        .containsEntry("truncated", "100000")
        .containsEntry("offset", "1099511627776");
  }

  @Test
  void theConnectorLearnsTheTopicWhoseTransactionsItMayAbort() {
    KafkaDatasetFacet facet = serializer().getKafkaDatasetFacet().orElseThrow();

    assertThat(facet.getTopicIdentifier().getTopics()).containsExactly("admitted");
  }
}
