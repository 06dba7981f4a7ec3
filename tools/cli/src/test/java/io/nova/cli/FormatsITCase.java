package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import io.nova.cli.cluster.FlinkRest;
import io.nova.fixtures.SchemaRegistryServer;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values in Avro and Protobuf, with a real broker and a schema registry over HTTP. */
@Tag("soak")
class FormatsITCase {
  private static final String AVRO =
      """
      {"type": "record", "name": "Event", "fields": [
        {"name": "device", "type": "string"},
        {"name": "id", "type": ["null", "string"]},
        {"name": "received", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "props", "type": {"type": "map", "values": "long"}}%s
      ]}
      """;
  private static final String PLAN = ",{\"name\": \"plan\", \"type\": \"string\"}";
  private static final String PROTOBUF =
      """
      syntax = "proto3";
      import "google/protobuf/timestamp.proto";
      message Event {
        string device = 1;
        string id = 2;
        google.protobuf.Timestamp received = 3;
        map<string, int64> props = 4;
      }
      """;
  private static final String MAPPING =
      "{\"version\":1,\"app\":{\"constant\":7},\"device\":\"/device\",\"id\":\"/id\","
          + "\"upload_time\":\"/received\",\"properties\":\"/props\"}";

  /** More digits than a double has. */
  private static final long LARGE = 9_007_199_254_740_993L;

  private final Instant received = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final Set<String> expected = new TreeSet<>();

  @Test
  void recordsOfBothFormatsAreRowsAndNothingIsLostWhileTheRegistryIsAway() throws Exception {
    try (SchemaRegistryServer registry = new SchemaRegistryServer();
        ProcessCluster nova = ProcessCluster.start("formats")) {
      registry.avro(1, AVRO.formatted(""));
      registry.requireAuthorization("Bearer secret");
      nova.submit(options(registry, "avro"), Optional.empty(), 2);
      nova.send(avro(1, "a", ""), Pace.UNPACED);
      nova.send(avro(1, "a", ""), Pace.UNPACED);
      nova.awaitAllDecided();
      assertThat(nova.figures().duplicates()).isEqualTo(20);

      theSourceWaitsForTheRegistryAndCheckpointsGoOn(nova, registry);
      whatNoSchemaFitsIsRejected(nova);
      String savepoint = nova.stop(false);

      registry.protobuf(99, PROTOBUF);
      nova.submit(options(registry, "protobuf"), Optional.of(savepoint), 2);
      nova.send(protobuf("c"), Pace.UNPACED);
      nova.awaitAllDecided();
      assertThat(rows(nova)).isEqualTo(expected);
      aReplayIsDecodedAgain(nova);
      assertThat(nova.restarts()).isZero();
    }
  }

  private static List<String> options(SchemaRegistryServer registry, String format)
      throws IOException {
    Path folder = Path.of("target", "it").toAbsolutePath();
    Path secret = Files.writeString(folder.resolve("formats-auth"), "Bearer secret\n");
    Path mapping = Files.writeString(folder.resolve("formats-mapping.json"), MAPPING);
    return List.of(
        "--nova.checkpoint.interval",
        "1 s",
        "--nova.mapping",
        mapping.toString(),
        "--nova.value.format",
        format,
        "--nova.registry.url",
        registry.url(),
        "--nova.registry.auth-file",
        secret.toString());
  }

  private void theSourceWaitsForTheRegistryAndCheckpointsGoOn(
      ProcessCluster nova, SchemaRegistryServer registry) throws IOException {
    registry.avro(2, AVRO.formatted(PLAN));
    registry.goAway();
    nova.send(avro(2, "b", "{\"plan\":\"free\"}"), Pace.UNPACED);
    nova.await("the metric says that it is away", () -> registryAway(nova) == 1);
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("checkpoints go on", () -> nova.lastCheckpoint().orElse(0L) >= before + 3);
    assertThat(nova.figures().decided()).isEqualTo(40);

    registry.comeBack();
    nova.awaitAllDecided();
    nova.await("the metric says that it is back", () -> registryAway(nova) == 0);
    assertThat(nova.figures().rejectedTotal()).isZero();
  }

  private static long registryAway(ProcessCluster nova) {
    FlinkRest flink = nova.processes().flink();
    return flink.jobs().stream()
        .filter(job -> !job.ended())
        .mapToLong(job -> flink.greatest(job.id(), "registryAway").orElse(-1))
        .max()
        .orElse(-1);
  }

  private void whatNoSchemaFitsIsRejected(ProcessCluster nova) throws IOException {
    nova.send(
        List.of(
            message("{\"a\":1}".getBytes(UTF_8)),
            message(SchemaRegistryServer.message(1, new byte[] {1, 2, 3})),
            message(SchemaRegistryServer.message(99, event("late", 1)))),
        Pace.UNPACED);
    nova.awaitAllDecided();
    assertThat(nova.figures().rejected()).containsEntry("undecodable", 3L);
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("they are on the topic", () -> nova.lastCheckpoint().orElse(0L) >= before + 2);
    assertThat(
            nova.ask("SELECT reason, detail FROM rejected").stream()
                .map(JsonNode::toString)
                .toList())
        .hasSize(3)
        .allMatch(row -> row.contains("undecodable"))
        .anyMatch(row -> row.contains("schema 99"))
        .anyMatch(row -> row.contains("7b2261223a"))
        .anyMatch(row -> row.contains("does not fit"));
  }

  private static void aReplayIsDecodedAgain(ProcessCluster nova) {
    long admitted = nova.figures().admitted();
    assertThat(
            Nova.commandLine()
                .execute(
                    "replay-rejected",
                    "--reason",
                    "undecodable",
                    "--bootstrap-servers",
                    nova.processes().bootstrapServers()))
        .isZero();
    nova.await(
        "the message whose schema is known now is admitted",
        () -> nova.figures().admitted() == admitted + 1);
    nova.await(
        "the others are rejected again",
        () -> nova.figures().rejected().getOrDefault("undecodable", 0L) == 5);
  }

  private List<Message> avro(int schema, String name, String extra) throws IOException {
    Schema avro = new Schema.Parser().parse(AVRO.formatted(extra.isEmpty() ? "" : PLAN));
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      GenericRecord event = new GenericData.Record(avro);
      event.put("device", name);
      event.put("id", Integer.toString(i));
      event.put("received", received.toEpochMilli());
      event.put("props", Map.of("large", LARGE + i));
      if (!extra.isEmpty()) {
        event.put("plan", "free");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(avro).write(event, encoder);
      encoder.flush();
      messages.add(message(SchemaRegistryServer.message(schema, bytes.toByteArray())));
      expected.add(row(name, i, extra));
    }
    return messages;
  }

  private List<Message> protobuf(String name) throws IOException {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      messages.add(message(SchemaRegistryServer.message(99, event(name, i))));
      expected.add(row(name, i, ""));
    }
    return messages;
  }

  /** The index of the message's type, and its fields by their numbers. */
  private byte[] event(String name, int i) throws IOException {
    return encoded(
        out -> {
          out.writeUInt32NoTag(0);
          out.writeString(1, name);
          out.writeString(2, Integer.toString(i));
          out.writeByteArray(3, encoded(time -> time.writeInt64(1, received.getEpochSecond())));
          out.writeByteArray(
              4,
              encoded(
                  entry -> {
                    entry.writeString(1, "large");
                    entry.writeInt64(2, LARGE + i);
                  }));
        });
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] encoded(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  private String row(String name, int i, String extra) {
    return "%s %d %d {\"large\":%d} %s"
        .formatted(name, i, received.getEpochSecond(), LARGE + i, extra);
  }

  private static Set<String> rows(ProcessCluster nova) {
    Set<String> rows = new TreeSet<>();
    List<JsonNode> found =
        nova.ask(
            "SELECT device_id, insert_id,"
                + " TIMESTAMPDIFF(SECOND, TO_TIMESTAMP_LTZ(0, 0), upload_time), event_properties,"
                + " COALESCE(extra, '') FROM events");
    for (JsonNode row : found) {
      rows.add(
          "%s %s %d %s %s"
              .formatted(
                  row.get(0).asText(),
                  row.get(1).asText(),
                  row.get(2).asLong(),
                  row.get(3).asText(),
                  row.get(4).asText()));
    }
    assertThat(rows).as("each once").hasSize(found.size());
    return rows;
  }

  private static Message message(byte[] value) {
    return new Message(value, Message.ANY_PARTITION, Message.UNKNOWN_TIME);
  }
}
