package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DuplicateSerializerTest {
  private static ProducerRecord<byte[], byte[]> record(Duplicate duplicate) {
    return new DuplicateSerializer("ledger", SizeLimits.of(1000)).serialize(duplicate, null, null);
  }

  private static String value(Duplicate duplicate) {
    return new String(record(duplicate).value(), StandardCharsets.UTF_8);
  }

  @Test
  void keyNamesThePlaceSoThatARepeatIsRecognised() {
    Duplicate duplicate = new Duplicate();
    duplicate.topic = "events";
    duplicate.partition = 3;
    duplicate.offset = 1L << 40;

    ProducerRecord<byte[], byte[]> record = record(duplicate);

    assertThat(record.topic()).isEqualTo("ledger");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(record.key()).asString().isEqualTo("events-3-1099511627776");
  }

  @Test
  void gapMayBeNegativeAndTimeBefore1970() {
    Duplicate duplicate = new Duplicate();
    duplicate.uploadMicros = -1_999;
    duplicate.gapBlocks = -3;

    assertThat(value(duplicate))
        .endsWith("\"gap_blocks\":-3}")
        .contains("\"upload_time\":\"1969-12-31T23:59:59.998001Z\"");
  }

  @Test
  void identityThatIsNoObjectIsNotWritten() {
    Duplicate duplicate = new Duplicate();
    duplicate.topic = "events";
    duplicate.identity = "";

    assertThatIllegalStateException()
        .isThrownBy(() -> record(duplicate))
        .withMessageContaining("events-0-0");
  }

  @Test
  void identityThatTheTopicDoesNotTakeIsLeftOut() {
    Duplicate duplicate = new Duplicate();
    duplicate.topic = "events";
    StringBuilder noise = new StringBuilder();
    new Random(7).ints(2_000, 'a', 'z').forEach(noise::appendCodePoint);
    duplicate.identity = "{\"device_id\":\"" + noise + "\"}";

    assertThat(value(duplicate))
        .contains("\"identity\":{},")
        .endsWith("\"offset\":0,\"index\":0,\"gap_blocks\":0,\"truncated\":true}");
  }

  @Test
  void crossesAnEdgeWithoutKryo() {
    SerializerConfigImpl noGenericTypes = new SerializerConfigImpl();
    noGenericTypes.setGenericTypes(false);

    assertThat(TypeInformation.of(Duplicate.class).createSerializer(noGenericTypes)).isNotNull();
  }
}
