package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/**
 * One run with good and bad input, then a comparison of every reader with the topic. While the job
 * runs, {@link SqlSessionCase} asks for large rows and for times.
 */
class ReadersITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The sums that are compared.
   *
   * @param rows number of rows
   * @param identities number of distinct (app, device, insert id, uuid)
   * @param uploads sum of upload times in microseconds
   * @param offsets sum of Kafka offsets
   * @param eventIds sum of event ids
   */
  private record Sums(
      long rows, long identities, BigInteger uploads, BigInteger offsets, BigInteger eventIds) {}

  @Test
  void everyReaderAgreesWithTheTopicAndBadInputNeverRestartsTheJob() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("readers")) {
      nova.submit(Optional.empty(), 2);
      nova.send(ProcessCluster.generated(20_000), Pace.UNPACED);
      nova.send(badInput(), Pace.UNPACED);
      nova.awaitAllDecided();
      assertThat(nova.restarts()).isZero();
      new SqlSessionCase().check(nova);
      assertThat(nova.restarts()).isZero();
      nova.stop(true);

      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.rejected().keySet())
          .contains("null_value", "empty", "not_json", "too_deep", "identity_missing", "too_early");

      Table table =
          new HadoopTables(new Configuration()).load(nova.processes().warehouse() + "/nova/events");
      Sums iceberg = byIceberg(table);
      assertThat(iceberg).isEqualTo(byTopic(nova, table));
      assertThat(byDuckDb(table)).isEqualTo(iceberg);
      assertThat(bySql(nova)).isEqualTo(iceberg.rows());
    }
  }

  private static List<Message> badInput() {
    String good =
        "{\"app\":1,\"device_id\":\"bad\",\"$insert_id\":\"%s\",\"event_type\":\"x\","
            + "\"server_upload_time\":\"2026-03-02 12:00:00.000000\",\"event_properties\":%s}";
    List<byte[]> values = new ArrayList<>();
    values.add(null);
    values.add(new byte[0]);
    values.add("not json".getBytes(UTF_8));
    values.add("[1]".getBytes(UTF_8));
    values.add("{}".getBytes(UTF_8));
    values.add(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'});
    values.add(good.formatted("deep", "[".repeat(10_000) + "]".repeat(10_000)).getBytes(UTF_8));
    values.add(good.formatted("big", "\"" + "x".repeat(10_000_000) + "\"").getBytes(UTF_8));
    values.add(good.formatted("nul\\u0000", "{\"a\\u0000\":1}").getBytes(UTF_8));
    values.add(good.formatted("surrogate", "{\"a\":\"\\ud800\"}").getBytes(UTF_8));
    values.add(good.formatted("number", "1e400").getBytes(UTF_8));
    values.add(good.formatted("integer", "123456789012345678901234567890").getBytes(UTF_8));
    values.add(good.replace("2026", "2199").formatted("far", "{}").getBytes(UTF_8));
    values.add(
        good.replace("\"device_id\":\"bad\",", "").formatted("nobody", "{}").getBytes(UTF_8));
    values.add(
        good.replace("\"event_type\":\"x\"", "\"event_type\":5")
            .formatted("t", "5")
            .getBytes(UTF_8));
    return values.stream().map(v -> new Message(v, 0, Message.UNKNOWN_TIME)).toList();
  }

  private static Sums byIceberg(Table table) throws Exception {
    Set<List<Object>> identities = new HashSet<>();
    long rows = 0;
    BigInteger uploads = BigInteger.ZERO;
    BigInteger offsets = BigInteger.ZERO;
    BigInteger eventIds = BigInteger.ZERO;
    try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
      for (Record row : all) {
        rows++;
        identities.add(identity(row::getField));
        uploads =
            uploads.add(
                BigInteger.valueOf(micros((OffsetDateTime) row.getField("server_upload_time"))));
        offsets = offsets.add(BigInteger.valueOf((Long) row.getField("kafka_offset")));
        eventIds = eventIds.add(BigInteger.valueOf(orZero(row.getField("event_id"))));
      }
    }
    return new Sums(rows, identities.size(), uploads, offsets, eventIds);
  }

  private static List<Object> identity(java.util.function.Function<String, Object> field) {
    List<Object> identity = new ArrayList<>();
    for (String name : List.of("app", "device_id", "insert_id", "uuid")) {
      identity.add(String.valueOf(field.apply(name)));
    }
    return identity;
  }

  private static long orZero(Object value) {
    return value == null ? 0 : (Long) value;
  }

  private static long micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, time.toInstant());
  }

  /** The same sums of the messages on the topic, at the positions of the rows. */
  private static Sums byTopic(ProcessCluster nova, Table table) throws Exception {
    Map<String, byte[]> topic = topic(nova);
    Set<List<Object>> identities = new HashSet<>();
    long rows = 0;
    BigInteger uploads = BigInteger.ZERO;
    BigInteger offsets = BigInteger.ZERO;
    BigInteger eventIds = BigInteger.ZERO;
    try (CloseableIterable<Record> all =
        IcebergGenerics.read(table).select("kafka_partition", "kafka_offset").build()) {
      for (Record row : all) {
        long offset = (Long) row.getField("kafka_offset");
        JsonNode message = JSON.readTree(topic.get(row.getField("kafka_partition") + "-" + offset));
        rows++;
        identities.add(identity(name -> text(message, name)));
        uploads = uploads.add(BigInteger.valueOf(uploadMicros(message)));
        offsets = offsets.add(BigInteger.valueOf(offset));
        JsonNode eventId = message.path("event_id");
        eventIds =
            eventIds.add(
                BigInteger.valueOf(
                    eventId.canConvertToLong() && eventId.isIntegralNumber()
                        ? eventId.asLong()
                        : 0));
      }
    }
    return new Sums(rows, identities.size(), uploads, offsets, eventIds);
  }

  private static String text(JsonNode message, String name) {
    JsonNode value = message.path(name.equals("insert_id") ? "$insert_id" : name);
    return value.isMissingNode() || value.isNull() ? null : value.asText();
  }

  private static long uploadMicros(JsonNode message) {
    String text = message.path("server_upload_time").asText().replace(' ', 'T');
    return ChronoUnit.MICROS.between(
        LocalDateTime.of(1970, 1, 1, 0, 0),
        text.endsWith("Z")
            ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : LocalDateTime.parse(text));
  }

  /** All values on the events topic, by {@code partition-offset}. */
  static Map<String, byte[]> topic(ProcessCluster nova) {
    Map<String, byte[]> values = new HashMap<>();
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            nova.processes().bootstrapServers(),
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            32 << 20);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(LocalCluster.EVENTS).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long total =
          consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      while (values.size() < total) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          values.put(record.partition() + "-" + record.offset(), record.value());
        }
      }
    }
    return values;
  }

  /** DuckDB over the Parquet files of the snapshot: after a drain all rows are in chunks. */
  private static Sums byDuckDb(Table table) throws Exception {
    List<FileScanTask> tasks;
    try (CloseableIterable<FileScanTask> all = table.newScan().planFiles()) {
      tasks = StreamSupport.stream(all.spliterator(), false).toList();
    }
    assertThat(tasks).allMatch(task -> task.file().format() == FileFormat.PARQUET);
    String files =
        tasks.stream()
            .map(task -> "'" + Path.of(URI.create(task.file().location())) + "'")
            .collect(Collectors.joining(",", "[", "]"));
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT (app, device_id, insert_id, uuid)),"
                    + " sum(epoch_us(server_upload_time)::HUGEINT)::VARCHAR,"
                    + " sum(kafka_offset)::VARCHAR, sum(event_id)::VARCHAR"
                    + " FROM read_parquet("
                    + files
                    + ")")) {
      row.next();
      return new Sums(
          row.getLong(1),
          row.getLong(2),
          new BigInteger(row.getString(3)),
          new BigInteger(row.getString(4)),
          new BigInteger(row.getString(5)));
    }
  }

  private static long bySql(ProcessCluster nova) {
    List<Long> counts = new ArrayList<>();
    try (SqlSession session = nova.processes().sql().open()) {
      session.execute(
          "SELECT COUNT(*) FROM events",
          new RowPrinter() {
            @Override
            public void columns(List<Column> columns) {}

            @Override
            public void row(JsonNode fields) {
              counts.add(fields.get(0).asLong());
            }

            @Override
            public void end() {}
          });
    }
    return counts.get(0);
  }
}
