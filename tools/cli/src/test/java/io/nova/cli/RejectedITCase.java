package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Rejected messages and dropped copies in SQL, and replays of rejected messages. */
class RejectedITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Long> REJECTED_COUNTS =
      new TreeMap<>(
          Map.of(
              "null_value",
              2L,
              "empty",
              1L,
              "not_json",
              3L,
              "app_missing",
              1L,
              "too_early",
              5L,
              "duplicate_key",
              1L));

  /** Without the message that the rejected topic does not take. */
  private static final Map<String, Long> REPLAYABLE_COUNTS =
      new TreeMap<>(
          Map.of(
              "null_value", 2L, "empty", 1L, "not_json", 3L, "app_missing", 1L, "too_early", 5L));

  private static final int LIMIT_OF_REJECTED_TOPIC = 100_000;

  @Test
  void rejectedAndDroppedMessagesAreInSqlAndAReplayIsDecidedAgain() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("rejected")) {
      limitRejectedTopic(nova);
      nova.submit(
          List.of("--nova.checkpoint.interval", "2 s", "--nova.ledger", "true"),
          Optional.empty(),
          2);
      Instant now = Instant.now();
      List<Message> good = events(now.minusSeconds(60), 200, "a", "{}");
      nova.send(good, Pace.UNPACED);
      nova.awaitAllDecided();
      nova.send(good.subList(0, 30), Pace.UNPACED);
      nova.send(events(now.minusSeconds(60), 10, "a", "{\"other\":1}"), Pace.UNPACED);
      nova.send(broken(), Pace.UNPACED);
      // The tolerance is five minutes.
      Instant early = Instant.now().plusSeconds(300 + 25);
      nova.send(events(early, 5, "early", "{}"), Pace.UNPACED);
      nova.awaitAllDecided();
      awaitCheckpoint(nova);
      repeatRecords(nova, LocalCluster.REJECTED);

      assertThat(rows(nova, "SELECT COUNT(*) FROM rejected_log")).containsExactly("[26]");
      assertThat(counts(nova, "SELECT reason, COUNT(*) FROM rejected GROUP BY reason"))
          .isEqualTo(REJECTED_COUNTS);
      assertThat(
              rows(
                  nova,
                  "SELECT reason, original_text, kafka_topic FROM rejected"
                      + " WHERE original IS NULL OR original_text LIKE '%caf%'"))
          .containsExactlyInAnyOrder(
              "[\"null_value\",null,\"events\"]",
              "[\"null_value\",null,\"events\"]",
              "[\"duplicate_key\",null,\"events\"]",
              "[\"not_json\",\"{\\\"café\\\":\",\"events\"]");

      assertThatMissingTopicIsNamed(nova);

      JsonNode dry = replay(nova, "--dry-run");
      assertThat(dry.path("rejected")).hasToString(JSON.writeValueAsString(REPLAYABLE_COUNTS));
      assertThat(dry.path("chosen").asLong()).isEqualTo(12);
      assertThat(dry.path("messages").path("events").asLong())
          .as("null and not_json: once")
          .isEqualTo(10);
      assertThat(dry.path("sent").asLong()).isZero();

      nova.await(
          "the early events are not early any more",
          () -> Instant.now().isAfter(early.minusSeconds(295)));
      assertThat(replay(nova, "--reason", "too_early").path("sent").asLong()).isEqualTo(5);
      nova.awaitDecided(253 + 5);
      assertThat(nova.figures().admitted()).isEqualTo(205);
      assertThat(
              replay(nova, "--reason", "too_early", "--reason", "null_value").path("sent").asLong())
          .isEqualTo(6);
      nova.awaitDecided(253 + 5 + 6);
      assertThat(nova.figures().admitted()).isEqualTo(205);
      assertThat(nova.figures().duplicates()).isEqualTo(30 + 10 + 5);
      assertThat(nova.restarts()).isZero();
      nova.stop(true);

      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(List.of(verdict.sent(), verdict.admitted(), verdict.duplicates()))
          .containsExactly(253L + 11, 205L, 45L);
      assertThat(verdict.rejected()).containsEntry("null_value", 3L).containsEntry("too_early", 5L);
      assertThatLedgerHoldsTheDroppedCopies(nova);
    }
  }

  private static void assertThatMissingTopicIsNamed(ProcessCluster nova) {
    try (SqlSession session = nova.processes().sql().open()) {
      session.execute(
          "CREATE CATALOG elsewhere WITH ('type' = 'nova', 'warehouse' = '%s',"
                  .formatted(nova.processes().warehouse())
              + " 'kafka.bootstrap-servers' = '%s', 'kafka.rejected-topic' = 'nowhere')"
                  .formatted(nova.processes().bootstrapServers()),
          RowPrinter.NOWHERE);
      assertThatThrownBy(
              () ->
                  session.execute(
                      "SELECT COUNT(*) FROM elsewhere.nova.rejected", RowPrinter.NOWHERE))
          .hasMessageContaining("topic nowhere is not on the broker")
          .hasMessageContaining("'kafka.rejected-topic'");
      session.execute("DROP CATALOG elsewhere", RowPrinter.NOWHERE);
    }
  }

  private static void assertThatLedgerHoldsTheDroppedCopies(ProcessCluster nova) {
    repeatRecords(nova, LocalCluster.DUPLICATES);
    assertThat(counts(nova, "SELECT kind, COUNT(*) FROM duplicates GROUP BY kind"))
        .isEqualTo(Map.of("natural", 35L, "conflicting", 10L));
    assertThat(
            rows(
                nova,
                "SELECT COUNT(*), COUNT(DISTINCT CAST(kafka_partition AS STRING) || '-' || CAST(kafka_offset AS STRING)), MIN(gap_blocks),"
                    + " MAX(gap_blocks) FROM duplicates"))
        .containsExactly("[45,45,0,0]");
    assertThat(
            rows(
                nova,
                "SELECT COUNT(*) FROM duplicates d JOIN events e ON d.app = CAST(e.app AS STRING)"
                    + " AND JSON_VALUE(d.`identity`, '$.device_id') = e.device_id"
                    + " AND JSON_VALUE(d.`identity`, '$.insert_id') = e.insert_id"
                    + " AND TIMESTAMPDIFF(SECOND, TO_TIMESTAMP_LTZ(0, 0), d.upload_time) / 300"
                    + " - TIMESTAMPDIFF(SECOND, TO_TIMESTAMP_LTZ(0, 0), e.upload_time) / 300"
                    + " = d.gap_blocks"))
        .as("each has its first copy in the table")
        .containsExactly("[45]");
    assertThat(
            rows(
                nova,
                "SELECT COUNT(*) FROM duplicates d JOIN events e ON d.kafka_partition ="
                    + " e.kafka_partition AND d.kafka_offset = e.kafka_offset"))
        .as("none is in the table itself")
        .containsExactly("[0]");
  }

  private static List<Message> events(Instant upload, int count, String id, String properties) {
    String time = upload.truncatedTo(ChronoUnit.SECONDS).toString();
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(
          message(
              "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s%d\",\"event_type\":\"x\",\"server_upload_time\":\"%s\",\"event_properties\":%s}"
                  .formatted(id, i, time, properties)));
    }
    return messages;
  }

  private static List<Message> broken() {
    return List.of(
        new Message(null, 0, Message.UNKNOWN_TIME),
        new Message(null, 1, Message.UNKNOWN_TIME),
        message(""),
        message("no json"),
        message("no json"),
        message("{\"café\":"),
        message("{\"a\":1}"),
        message("{\"%1$s\":1,\"%1$s\":2}".formatted(noise())));
  }

  /** A key that its rejection quotes. The topic takes less, also after compression. */
  private static String noise() {
    Random random = new Random(1);
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < 2 * LIMIT_OF_REJECTED_TOPIC; i++) {
      noise.append((char) ('#' + random.nextInt('[' - '#')));
    }
    return noise.toString();
  }

  private static void limitRejectedTopic(ProcessCluster nova) throws Exception {
    ConfigEntry limit =
        new ConfigEntry(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LIMIT_OF_REJECTED_TOPIC));
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, nova.processes().bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, LocalCluster.REJECTED),
                  List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static Message message(String text) {
    return new Message(text.getBytes(UTF_8), Message.ANY_PARTITION, Message.UNKNOWN_TIME);
  }

  private static void awaitCheckpoint(ProcessCluster nova) {
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await(
        "two checkpoints, so that all is on the topics",
        () -> nova.lastCheckpoint().orElse(0L) >= before + 2);
  }

  /** Writes every record of a topic a second time, as a restored job does. */
  private static void repeatRecords(ProcessCluster nova, String topic) {
    Map<String, Object> settings =
        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, nova.processes().bootstrapServers());
    ByteArrayDeserializer reading = new ByteArrayDeserializer();
    ByteArraySerializer writing = new ByteArraySerializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, reading, reading);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, writing, writing)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.offset() < end) {
            Future<RecordMetadata> unused =
                producer.send(
                    new ProducerRecord<>(topic, 0, record.key(), record.value(), record.headers()));
          }
        }
      }
    }
  }

  /** Runs the command as the script does, and returns its last line. */
  private static JsonNode replay(ProcessCluster nova, String... options) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "replay-rejected",
                "--json",
                "--bootstrap-servers",
                nova.processes().bootstrapServers()));
    words.addAll(List.of(options));
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, UTF_8));
    try {
      assertThat(Nova.commandLine().execute(words.toArray(new String[0]))).isZero();
    } finally {
      System.setOut(out);
    }
    List<String> lines = said.toString(UTF_8).lines().toList();
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  private static Map<String, Long> counts(ProcessCluster nova, String query) {
    Map<String, Long> counts = new TreeMap<>();
    nova.ask(query).forEach(row -> counts.put(row.get(0).asText(), row.get(1).asLong()));
    return counts;
  }

  private static List<String> rows(ProcessCluster nova, String query) {
    return nova.ask(query).stream().map(JsonNode::toString).toList();
  }
}
