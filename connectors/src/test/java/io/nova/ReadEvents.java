package io.nova;

import io.nova.fixtures.Events;
import io.nova.iceberg.TableRules;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.Received;
import io.nova.shard.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Messages as the deserializer of the source reads them. */
public final class ReadEvents {
  private ReadEvents() {}

  /** The event of a message at this offset of partition 0. */
  public static Offer offered(Events message, TableRules rules, long offset) {
    return Objects.requireNonNull(
        received(rules, new ConsumerRecord<>("events", 0, offset, null, message.json())).event);
  }

  /** The event of a record, or its rejection. */
  public static Received received(TableRules rules, ConsumerRecord<byte[], byte[]> record) {
    List<Received> out = new ArrayList<>(1);
    new EventDeserializer(rules, Duration.ofMinutes(5))
        .deserialize(record, new ListCollector<>(out));
    return out.get(0);
  }
}
