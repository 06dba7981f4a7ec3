package io.nova.kafka.batches.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.Rejected;
import io.nova.kafka.RejectedSerializer;
import io.nova.kafka.SizeLimits;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateEventsTest {
  private static final TopicPartition REJECTED = new TopicPartition("rejected", 0);
  private static final long DAY = Duration.ofDays(1).toNanos() / 1000;

  @TempDir private Path folder;
  private final List<Rejected> rejected = new ArrayList<>();

  private void reject(RejectReason reason, long offset, long uploadMicros) {
    rejected.add(
        Rejected.of(reason, "", "events", 2, offset, ("e" + offset).getBytes(UTF_8))
            .uploadedAt(uploadMicros));
  }

  private static ConsumerRecord<byte[], byte[]> written(Rejected message, long at) {
    ProducerRecord<byte[], byte[]> record =
        new RejectedSerializer("rejected", SizeLimits.of(1 << 20)).serialize(message, null, null);
    return new ConsumerRecord<>(
        "rejected",
        0,
        at,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        record.key(),
        record.value(),
        record.headers(),
        java.util.Optional.empty());
  }

  private List<LateEvent> lateEventsOf(long batch) {
    try (MockConsumer<byte[], byte[]> topic = new MockConsumer<>("none")) {
      Node node = Node.noNode();
      topic.updatePartitions(
          "rejected", List.of(new PartitionInfo("rejected", 0, node, new Node[0], new Node[0])));
      topic.updateBeginningOffsets(Map.of(REJECTED, 0L));
      topic.updateEndOffsets(Map.of(REJECTED, (long) rejected.size()));
      topic.schedulePollTask(
          () -> {
            for (int at = 0; at < rejected.size(); at++) {
              topic.addRecord(written(rejected.get(at), at));
            }
          });
      return new LateEvents("nowhere", "rejected", Map.of())
          .read(topic, batch, NovaWarehouse.RULES);
    }
  }

  @Test
  void lateEventsOfABatchAreThoseThatWereUploadedInIt() {
    reject(RejectReason.BATCH_CLOSED, 1, 5 * DAY - 1);
    reject(RejectReason.BATCH_CLOSED, 2, 5 * DAY);
    reject(RejectReason.BATCH_CLOSED, 3, 6 * DAY - 1);
    reject(RejectReason.BATCH_CLOSED, 4, 6 * DAY);

    assertThat(lateEventsOf(5)).extracting(LateEvent::offset).containsExactly(2L, 3L);
    assertThat(lateEventsOf(5).get(0).uploadTime())
        .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(5)));
    assertThat(lateEventsOf(5).get(0).original()).isEqualTo("e2");
  }

  @Test
  void onlyAClosedBatchRulesOutACopy() {
    reject(RejectReason.BATCH_CLOSED, 1, 5 * DAY);
    reject(RejectReason.TOO_LATE, 2, 5 * DAY);
    reject(RejectReason.UNKNOWN, 3, 5 * DAY);
    reject(RejectReason.CONFLICTING, 4, 5 * DAY);
    rejected.add(Rejected.of(RejectReason.NOT_JSON, "", "events", 2, 5, new byte[0]));

    assertThat(lateEventsOf(5))
        .extracting(late -> late.reason() + " " + late.mayBeCopy())
        .containsExactly("batch_closed false", "too_late true", "unknown true");
  }

  @Test
  void aMessageCountsOnceByItsLastRecord() {
    reject(RejectReason.UNKNOWN, 1, 5 * DAY);
    reject(RejectReason.BATCH_CLOSED, 1, 5 * DAY);

    assertThat(lateEventsOf(5)).extracting(LateEvent::reason).containsExactly("batch_closed");
  }

  /** 100,000 of them would else have 8 KB each. */
  @Test
  void elementsOfAMessageShareOneEnvelope() {
    for (int index = 0; index < 2; index++) {
      rejected.add(
          Rejected.of(RejectReason.BATCH_CLOSED, "", "events", 2, 1, new byte[0])
              .uploadedAt(5 * DAY)
              .element(index, "{\"batch\":[]}".getBytes(UTF_8)));
    }
    List<LateEvent> late = lateEventsOf(5);

    assertThat(late).extracting(LateEvent::index).containsExactly(0, 1);
    assertThat(late.get(0).envelope()).isEqualTo("{\"batch\":[]}");
    assertThat(late.get(1).envelope()).isSameAs(late.get(0).envelope());
  }

  @Test
  void eventsThatTheTagHasAreNoLateEvents() {
    NovaWarehouse warehouse = new NovaWarehouse(folder);
    CommitChain chain = CommitChain.begin(warehouse.open(), "run");
    Draft draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    BlockFile file = warehouse.write(Events.at("10:02").id("a"), Events.at("10:03").id("b"));
    draft.add(file);
    draft.add(warehouse.merge(file));
    draft.close(file.batchNumber(), "ops");
    draft.sealed(0, file.batchNumber());
    draft.sealed(1, file.batchNumber());
    chain.apply(draft.draw("run", new Tally()));
    long upload = file.batchNumber() * DAY;
    for (long offset : List.of(1L, 99L)) {
      rejected.add(
          Rejected.of(RejectReason.BATCH_CLOSED, "", "events", 0, offset, new byte[0])
              .uploadedAt(upload));
    }

    assertThat(
            LateEvents.without(
                new TagRows(warehouse.open().iceberg(), file.batchNumber()),
                lateEventsOf(file.batchNumber())))
        .extracting(LateEvent::offset)
        .containsExactly(99L);
  }
}
