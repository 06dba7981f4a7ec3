package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.judge.Verdict;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentElements;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages with 1 to 50 elements, among them bad ones and duplicates, while a TaskManager is
 * killed. Each element counts once, and rejected ones are replayed alone.
 */
@Tag("soak")
class ElementsITCase {
  private static final int MESSAGES = 1_500;
  private static final int EARLY = 5;
  private static final String MAPPING =
      """
      {"version": 1, "each": "/events",
       "app": {"pointer": "envelope:/api_key", "values": {"key-1": 1, "key-2": 2}},
       "device": ["/device_id", "envelope:/device"], "id": "/insert_id", "type": "/type",
       "upload_time": ["/uploaded", "envelope:/uploaded"], "properties": "/props",
       "columns": {"library": "envelope:/options/library"}}
      """;

  private final Random random = new Random(21);
  private final List<String> sent = new ArrayList<>();
  private ProcessCluster nova;

  @Test
  void eachElementIsThereOnceThroughAKillAndRejectedOnesAreReplayedAlone() throws Exception {
    Path mapping =
        Files.writeString(
            Files.createDirectories(Path.of("target", "it")).resolve("elements-mapping.json"),
            MAPPING);
    try (ProcessCluster cluster = ProcessCluster.start("elements")) {
      nova = cluster;
      nova.submit(
          List.of(
              "--nova.checkpoint.interval",
              "3 s",
              "--nova.ledger",
              "true",
              "--nova.mapping",
              mapping.toAbsolutePath().toString()),
          Optional.empty(),
          2);
      SentElements reader = new SentElements(RecordMapping.of(mapping.toString()));
      List<Message> messages = messages();
      long records = messages.stream().mapToLong(message -> reader.of(message).size()).sum();
      killedWhileMessagesFlow(messages, records);

      Instant early = Instant.now().plusSeconds(300 + 25);
      nova.send(List.of(early(early)), Pace.UNPACED);
      nova.awaitDecided(records + EARLY);
      placesAreUnique();
      replayed(early, records + EARLY);
      nova.stop(true);

      Verdict verdict = nova.judge(RecordMapping.of(mapping.toString()));
      System.out.println("elements: " + verdict);
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.sent()).isEqualTo(records + 2 * EARLY);
      assertThat(verdict.admitted()).isGreaterThan(10_000);
      assertThat(verdict.duplicates()).isGreaterThan(1_000);
      assertThat(verdict.rejected())
          .containsKeys(
              "not_an_object",
              "identity_missing",
              "duplicate_key",
              "upload_time_invalid",
              "app_invalid",
              "elements_missing",
              "elements_invalid",
              "not_json")
          .containsEntry("too_early", (long) EARLY);
    }
  }

  private void killedWhileMessagesFlow(List<Message> messages, long records) {
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> nova.send(messages, Pace.perSecond(100)));
    nova.awaitDecided(records / 3);
    int restores = nova.restores();
    nova.processes().killTaskManager(1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    sending.join();
    nova.awaitDecided(records);
    assertThat(nova.figures().received()).isEqualTo(records);
    assertThat(nova.figures().decided()).isEqualTo(records);
  }

  /**
   * Every place has an outcome, and no place is in a table twice. The attempt before the kill may
   * have dropped a copy that the next one admits, so the ledger may name an admitted place.
   */
  private void placesAreUnique() {
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("all is on the topics", () -> nova.lastCheckpoint().orElse(0L) >= before + 2);
    Set<String> admitted = places("events");
    Set<String> rejected = places("rejected");
    assertThat(admitted).hasSize((int) nova.figures().admitted());
    assertThat(rejected)
        .hasSize((int) nova.figures().rejectedTotal())
        .doesNotContainAnyElementsOf(admitted);
    Set<String> all = places("duplicates");
    all.addAll(admitted);
    all.addAll(rejected);
    assertThat(all).hasSize((int) nova.figures().received());
  }

  private Set<String> places(String table) {
    Set<String> places = new HashSet<>();
    for (JsonNode row :
        nova.ask("SELECT kafka_partition, kafka_offset, kafka_index FROM " + table)) {
      assertThat(places.add(row.toString())).as("%s has %s twice", table, row).isTrue();
    }
    return places;
  }

  private void replayed(Instant early, long decided) {
    long admitted = nova.figures().admitted();
    nova.await(
        "the early events are not early any more",
        () -> Instant.now().isAfter(early.minusSeconds(295)));
    assertThat(
            Nova.commandLine()
                .execute(
                    "replay-rejected",
                    "--reason",
                    "too_early",
                    "--bootstrap-servers",
                    nova.processes().bootstrapServers()))
        .isZero();
    nova.awaitDecided(decided + EARLY);
    assertThat(nova.figures().admitted()).isEqualTo(admitted + EARLY);
    assertThat(
            nova.ask("SELECT DISTINCT app, library FROM events WHERE insert_id LIKE 'early%'")
                .toString())
        .as("the envelope came along")
        .isEqualTo("[[2,\"sdk\"]]");
  }

  private Message early(Instant upload) {
    StringBuilder elements = new StringBuilder();
    for (int i = 0; i < EARLY; i++) {
      elements.append(i == 0 ? "" : ",").append("{\"insert_id\":\"early%d\"}".formatted(i));
    }
    return message(
        "{\"api_key\":\"key-2\",\"device\":\"d\",\"uploaded\":\"%s\",\"options\":{\"library\":\"sdk\"},\"events\":[%s]}"
            .formatted(upload.truncatedTo(ChronoUnit.SECONDS), elements));
  }

  private List<Message> messages() {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      String head =
          "\"api_key\":\"%s\",\"uploaded\":\"%s\""
              .formatted(random.nextInt(50) == 0 ? "other" : "key-" + (1 + i % 2), now);
      messages.add(
          switch (random.nextInt(60)) {
            case 0 -> message("{" + head + "}");
            case 1 -> message("{" + head + ",\"events\":{}}");
            case 2 -> message("{" + head + ",\"events\":[]}");
            case 3 -> message("{" + head + ",\"events\":[" + element(i, 0) + "}");
            case 4 -> new Message(null, Message.ANY_PARTITION, Message.UNKNOWN_TIME);
            default -> message("{" + head + ",\"events\":" + elements(i) + ",\"x\":1}");
          });
    }
    return messages;
  }

  private String elements(int message) {
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(50); i >= 0; i--) {
      elements.add(
          switch (random.nextInt(40)) {
            case 0 -> "null";
            case 1 -> "[1]";
            case 2 -> "{\"device_id\":\"d\"}";
            case 3 -> "{\"type\":\"a\",\"type\":\"b\"}";
            case 4 -> "{\"device_id\":\"d\",\"insert_id\":\"x\",\"uploaded\":\"never\"}";
            case 5, 6, 7, 8 -> sent.isEmpty() ? "7" : sent.get(random.nextInt(sent.size()));
            default -> element(message, i);
          });
    }
    return elements.stream().collect(Collectors.joining(" , ", "[", "]"));
  }

  private String element(int message, int i) {
    String element =
        "{\"device_id\":\"d%d\",\"insert_id\":\"%d-%d\",\"type\":\"t\",\"props\":{ \"n\":%d}, \"more\":\"\u00e9\"}"
            .formatted(random.nextInt(100), message, i, random.nextInt(1000));
    sent.add(element);
    return element;
  }

  private static Message message(String text) {
    return new Message(text.getBytes(UTF_8), Message.ANY_PARTITION, Message.UNKNOWN_TIME);
  }
}
