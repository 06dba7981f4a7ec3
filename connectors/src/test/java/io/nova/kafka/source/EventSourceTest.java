package io.nova.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class EventSourceTest {
  private static Properties settings(String name, String value) {
    Properties given = new Properties();
    given.setProperty(name, value);
    return new EventSource<>(
            "events",
            AcceptedGaps.NONE,
            Duration.ofMinutes(30),
            KafkaRecordDeserializationSchema.valueOnly(StringDeserializer.class),
            given)
        .settings();
  }

  @Test
  void newPartitionsAreFoundWithinHalfAMinute() {
    assertThat(settings("group.id", "nova"))
        .containsEntry("partition.discovery.interval.ms", "30000");
    assertThat(settings("partition.discovery.interval.ms", "5000"))
        .containsEntry("partition.discovery.interval.ms", "5000");
  }

  @Test
  void onlyCommittedRecordsAreRead() {
    assertThat(settings("isolation.level", "read_uncommitted"))
        .containsEntry("isolation.level", "read_committed");
  }
}
