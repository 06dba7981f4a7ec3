package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.cluster.GivenUpOffsets;
import io.nova.cli.cluster.LocalCluster;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A topic that changes while the job is stopped, on a real broker. */
class TopicITCase {
  private static final List<String> OPTIONS = List.of("--nova.checkpoint.interval", "2 s");

  private final String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

  @Test
  void theJobGoesOnOnlyWhereItHasReadAllThatIsGone() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("topic")) {
      topicsWithUnfitSettingsAreRefused(nova);
      nova.submit(OPTIONS, Optional.empty(), 2);
      nova.send(events("a", 20, 0), Pace.UNPACED);
      nova.awaitAllDecided();

      String unread = nova.stop(false);
      unreadPartitionFailsAndGoesOnOnlyByTheOperatorsWord(nova, unread);
      transactionMarkersMayBeTaken(nova);
      aPartitionThatWasAddedAndCutIsNotSkipped(nova);
      aTopicThatWasCreatedAgainIsNotRead(nova);
    }
  }

  /** One setting for each check. `TopicRulesTest` and `BatchTopicCheckTest` have all of them. */
  private static void topicsWithUnfitSettingsAreRefused(ProcessCluster nova) throws Exception {
    refused(nova, LocalCluster.EVENTS, "cleanup.policy", "compact,delete");
    refused(nova, LocalCluster.REJECTED, "cleanup.policy", "compact");
    refused(nova, LocalCluster.REJECTED, "max.message.bytes", "4000");
    refused(nova, LocalCluster.BATCHES, "retention.ms", "604800000");
  }

  private static void refused(ProcessCluster nova, String topic, String setting, String value)
      throws Exception {
    configure(nova, topic, new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET));

    assertThatThrownBy(() -> nova.submit(OPTIONS, Optional.empty(), 2))
        .hasMessageContaining("Topic %s: its %s is %s".formatted(topic, setting, value));

    configure(nova, topic, new AlterConfigOp(new ConfigEntry(setting, ""), OpType.DELETE));
  }

  private static void configure(ProcessCluster nova, String topic, AlterConfigOp change)
      throws Exception {
    try (Admin admin = admin(nova)) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }
  }

  private void unreadPartitionFailsAndGoesOnOnlyByTheOperatorsWord(
      ProcessCluster nova, String savepoint) throws Exception {
    nova.send(events("b", 10, 3), Pace.UNPACED);
    takeRecords(nova, 3, 5);

    assertThatThrownBy(() -> nova.submit(OPTIONS, Optional.of(savepoint), 2))
        .hasMessageContaining("is FAILED")
        .hasMessageContaining("--nova.kafka.accept-gap 3:0-5");

    List<String> accepting = new ArrayList<>(OPTIONS);
    accepting.addAll(List.of("--nova.kafka.accept-gap", "3:0-5"));
    nova.submit(accepting, Optional.of(savepoint), 2);
    nova.awaitDecided(20 + 5);
    assertThat(nova.figures().admitted()).isEqualTo(25);
    nova.await(
        "the table's history names the gap",
        () -> GivenUpOffsets.of(nova.processes().warehouse()).equals(List.of("3:0-5")));
  }

  private void transactionMarkersMayBeTaken(ProcessCluster nova) throws Exception {
    long end = sendTransactions(nova, 1, 20);
    long endOfAborted = sendTransactions(nova, 2, 0);
    nova.awaitDecided(25 + 20);
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("two checkpoints", () -> nova.lastCheckpoint().orElse(0L) >= before + 2);
    String savepoint = nova.stop(false);
    takeRecords(nova, 1, end);
    takeRecords(nova, 2, endOfAborted);

    nova.submit(OPTIONS, Optional.of(savepoint), 2);
    nova.send(events("e", 1, 1), Pace.UNPACED);
    nova.awaitDecided(25 + 20 + 1);
    assertThat(nova.figures().admitted()).isEqualTo(46);
  }

  private void aPartitionThatWasAddedAndCutIsNotSkipped(ProcessCluster nova) throws Exception {
    String savepoint = nova.stop(false);
    try (Admin admin = admin(nova)) {
      admin.createPartitions(Map.of(LocalCluster.EVENTS, NewPartitions.increaseTo(5))).all().get();
    }
    nova.send(events("g", 5, 4), Pace.UNPACED);
    takeRecords(nova, 4, 3);

    assertThatThrownBy(() -> nova.submit(OPTIONS, Optional.of(savepoint), 2))
        .hasMessageContaining("is FAILED")
        .hasMessageContaining("--nova.kafka.accept-gap 4:0-3");

    List<String> accepting = new ArrayList<>(OPTIONS);
    accepting.addAll(List.of("--nova.kafka.accept-gap", "4:0-3"));
    nova.submit(accepting, Optional.of(savepoint), 2);
    nova.awaitDecided(46 + 2);
    assertThat(nova.figures().admitted()).isEqualTo(48);
  }

  private void aTopicThatWasCreatedAgainIsNotRead(ProcessCluster nova) throws Exception {
    String savepoint = nova.stop(false);
    createAgain(nova);
    for (int partition = 0; partition < 4; partition++) {
      nova.send(events("f" + partition, 60, partition), Pace.UNPACED);
    }

    assertThatThrownBy(() -> nova.submit(OPTIONS, Optional.of(savepoint), 2))
        .hasMessageContaining("is FAILED")
        .hasMessageContaining("deleted and created again");
  }

  /** Commits events, and aborts 5. Returns the offset after the last marker. */
  private long sendTransactions(ProcessCluster nova, int partition, int committed)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                nova.processes().bootstrapServers(),
                "transactional.id",
                "t" + partition),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      if (committed > 0) {
        producer.beginTransaction();
        long unused = send(producer, events("c", committed, partition));
        producer.commitTransaction();
      }
      producer.beginTransaction();
      long lastAborted = send(producer, events("d", 5, partition));
      producer.abortTransaction();
      return lastAborted + 2;
    }
  }

  private static long send(KafkaProducer<byte[], byte[]> producer, List<Message> messages)
      throws Exception {
    long last = 0;
    for (Message message : messages) {
      Future<RecordMetadata> sent =
          producer.send(
              new ProducerRecord<>(
                  LocalCluster.EVENTS, message.partition(), null, message.value()));
      producer.flush();
      last = sent.get().offset();
    }
    return last;
  }

  /** Moves the start of a partition's log, as retention does. */
  private static void takeRecords(ProcessCluster nova, int partition, long before)
      throws Exception {
    try (Admin admin = admin(nova)) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(LocalCluster.EVENTS, partition),
                  RecordsToDelete.beforeOffset(before)))
          .all()
          .get();
    }
  }

  private static void createAgain(ProcessCluster nova) throws Exception {
    try (Admin admin = admin(nova)) {
      admin.deleteTopics(List.of(LocalCluster.EVENTS)).all().get();
      while (admin.listTopics().names().get().contains(LocalCluster.EVENTS)) {
        Thread.sleep(100);
      }
      admin.createTopics(List.of(new NewTopic(LocalCluster.EVENTS, 4, (short) 1))).all().get();
    }
  }

  private static Admin admin(ProcessCluster nova) {
    return Admin.create(Map.of("bootstrap.servers", nova.processes().bootstrapServers()));
  }

  private List<Message> events(String id, int count, int partition) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text =
          "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s%d\",\"event_type\":\"x\",\"server_upload_time\":\"%s\"}"
              .formatted(id, i, time);
      messages.add(new Message(text.getBytes(UTF_8), partition, Message.UNKNOWN_TIME));
    }
    return messages;
  }
}
