package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.batch.BatchRun;
import io.nova.cli.batch.BatchRunResult;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.cli.run.JobOptions;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.BatchTags;
import io.nova.kafka.batches.client.BatchResult.State;
import io.nova.kafka.batches.client.KafkaRequestTopic;
import io.nova.kafka.batches.client.LateEvents;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;

/** The reference batch layer loads and completes batches of a real job. */
class BatchRunITCase {
  private static final long FIRST = MinuteEvents.TEN.getEpochSecond() / 3600;
  private static final List<String> OPTIONS =
      MinuteEvents.hoursClosedOnRequest(
          "--nova.batch.require-audit",
          "true",
          // The last event is of 13:59, so what is uploaded before 10:39 is too late.
          "--nova.event.lateness-limit",
          "200 min");

  /** The hour from eleven has no event. */
  private static void sendThreeHours(ProcessCluster nova) {
    nova.submit(OPTIONS, Optional.empty(), 2);
    List<Message> messages = new ArrayList<>(MinuteEvents.of(0, 60));
    messages.addAll(MinuteEvents.of(120, 240));
    nova.send(messages, Pace.UNPACED);
    nova.awaitAllDecided();
  }

  private static BatchRunResult run(ProcessCluster nova, long batch) {
    LocalCluster cluster = nova.processes();
    return new BatchRun(
            cluster.sql(),
            CatalogAddress.hadoop(cluster.warehouse()),
            new KafkaRequestTopic(cluster.bootstrapServers(), LocalCluster.BATCHES, Map.of()),
            new LateEvents(cluster.bootstrapServers(), LocalCluster.REJECTED, Map.of()),
            new JobOptions(Map.of()),
            Duration.ofMinutes(2))
        .run(batch, line -> System.out.println("batch run: " + line));
  }

  @Test
  void aBatchIsLoadedOnceWithItsLateEventsAndCompleted() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("batchrun")) {
      sendThreeHours(nova);
      aBatchThatIsNotClosedIsRefused(nova);
      nova.ask("CALL nova.sys.close_batch('2026-11-21T10:00Z')");
      nova.ask("CALL nova.sys.close_batch('2026-11-21T12:00Z')");
      aBatchWhosePredecessorIsNotCompletedIsRefused(nova);

      lateEventsOfABatchWithoutATagAreNotPassedOver(nova);
      makeBatchEventsInAnotherOrder(nova);
      sendLateEvents(nova);
      aBatchHasTheRowsOfItsTagAndItsLateEvents(nova);
      aSecondRunWritesTheSameRows(nova);
      aBatchWithoutEventsIsEmptiedAndCompleted(nova);
      aFailedInsertSaysWhyAndCompletesNothing(nova);
      aCorrectionAfterTheCompletionShowsAtOnce(nova);
    }
  }

  private static void aBatchThatIsNotClosedIsRefused(ProcessCluster nova) {
    assertThatThrownBy(() -> run(nova, FIRST + 3))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Batch 2026-11-21T13:00Z is not closed")
        .hasMessageContaining("nova batch close 2026-11-21T13:00Z");
    assertThat(BatchTable.find(nova.processes().warehouse())).isEmpty();
  }

  private static void aBatchWhosePredecessorIsNotCompletedIsRefused(ProcessCluster nova) {
    assertThatThrownBy(() -> run(nova, FIRST + 2))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova batch run 2026-11-21T10:00Z");
  }

  private static void lateEventsOfABatchWithoutATagAreNotPassedOver(ProcessCluster nova) {
    assertThat(run(nova, FIRST - 1).state()).isEqualTo(State.CLOSED);
    nova.send(List.of(MinuteEvents.event("before", 0, minute(-10))), Pace.UNPACED);
    String listed = "CALL nova.sys.late_events('2026-11-21T09:00Z')";
    nova.await("the late event is listed", () -> nova.ask(listed).size() == 1);

    assertThatThrownBy(() -> run(nova, FIRST - 1))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("It has 1 late events");
  }

  /** A batch layer may have made the table, with its columns in another order. */
  private static void makeBatchEventsInAnotherOrder(ProcessCluster nova) {
    Schema events = EventTable.find(nova.processes().warehouse()).orElseThrow().iceberg().schema();
    List<NestedField> columns = new ArrayList<>(events.columns());
    Collections.reverse(columns);
    Schema reversed = new Schema(columns);
    Table unused =
        new HadoopCatalog(Storage.configuration(), nova.processes().warehouse())
            .createTable(
                BatchTable.NAME,
                reversed,
                PartitionSpec.builderFor(reversed).identity("batch_number").build());
  }

  /** Of five messages two are added: one of each kind. */
  private static void sendLateEvents(ProcessCluster nova) {
    sendLate(
        nova,
        MinuteEvents.event("closed", 0, minute(50)),
        MinuteEvents.event("closed", 1, minute(52)),
        MinuteEvents.event("fresh", 2, minute(5)),
        MinuteEvents.event("fresh", 3, minute(6)),
        // A copy of a row of the tag, which the shards no longer know.
        MinuteEvents.event("e5-0", 0, minute(5)));
  }

  private static Instant minute(int minute) {
    return MinuteEvents.TEN.plus(Duration.ofMinutes(minute)).plusSeconds(30);
  }

  private static void sendLate(ProcessCluster nova, Message... messages) {
    long before = nova.figures().decided();
    int listed = late(nova);
    nova.send(List.of(messages), Pace.UNPACED);
    nova.awaitDecided(before + messages.length);
    nova.await("the late events are listed", () -> late(nova) == listed + messages.length);
  }

  private static int late(ProcessCluster nova) {
    return nova.ask("CALL nova.sys.late_events('2026-11-21T10:00Z')").size();
  }

  private static void aBatchHasTheRowsOfItsTagAndItsLateEvents(ProcessCluster nova)
      throws IOException {
    BatchRunResult first = run(nova, FIRST);
    assertThat(first.state()).isEqualTo(State.COMPLETED);
    assertThat(first.rows()).isEqualTo(MinuteEvents.AN_HOUR + 2);
    assertThat(first.lateRows()).isEqualTo(2);

    List<String> tagged = tagged(nova);
    List<String> loaded = loaded(nova, FIRST);
    assertThat(tagged).hasSize((int) MinuteEvents.AN_HOUR);
    assertThat(loaded).hasSize((int) MinuteEvents.AN_HOUR + 2).containsAll(tagged);
    assertThat(loaded.stream().filter(row -> !tagged.contains(row)))
        .anyMatch(row -> row.contains("insert_id=closed|"))
        .anyMatch(row -> row.contains("insert_id=fresh|"));
    assertThat(lambda(nova)).isEqualTo(3 * MinuteEvents.AN_HOUR + 2);
  }

  private static void aSecondRunWritesTheSameRows(ProcessCluster nova) throws IOException {
    List<String> before = loaded(nova, FIRST);
    BatchRunResult second = run(nova, FIRST);
    assertThat(second.state()).isEqualTo(State.COMPLETED);
    assertThat(second.detail()).contains("It was so already");
    assertThat(loaded(nova, FIRST)).isEqualTo(before);
    assertThat(lambda(nova)).isEqualTo(3 * MinuteEvents.AN_HOUR + 2);
  }

  private static void aBatchWithoutEventsIsEmptiedAndCompleted(ProcessCluster nova)
      throws IOException {
    putStaleRows(nova);
    assertThat(loaded(nova, FIRST + 1)).isNotEmpty();
    BatchRunResult empty = run(nova, FIRST + 1);
    assertThat(empty.state()).isEqualTo(State.COMPLETED);
    assertThat(empty.rows()).isZero();
    assertThat(loaded(nova, FIRST + 1)).isEmpty();
    assertThat(loaded(nova, FIRST)).hasSize((int) MinuteEvents.AN_HOUR + 2);
  }

  /** A file of the first batch, as if it were of the second. */
  private static void putStaleRows(ProcessCluster nova) throws IOException {
    Table table = batchEvents(nova);
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      DataFile file = files.iterator().next().file();
      table
          .newAppend()
          .appendFile(
              DataFiles.builder(table.spec())
                  .withPath(file.location())
                  .withFormat(file.format())
                  .withFileSizeInBytes(file.fileSizeInBytes())
                  .withRecordCount(file.recordCount())
                  .withPartitionValues(List.of(Long.toString(FIRST + 1)))
                  .build())
          .commit();
    }
  }

  /** A file in place of the partition's folder makes every attempt of the INSERT fail. */
  private static void aFailedInsertSaysWhyAndCompletesNothing(ProcessCluster nova)
      throws IOException {
    String location = batchEvents(nova).location().replaceFirst("^file:/+", "/");
    Path folder = Path.of(location, "data", "batch_number=" + (FIRST + 2));
    Files.createFile(folder);
    long snapshot = batchEvents(nova).currentSnapshot().snapshotId();

    assertThatThrownBy(() -> run(nova, FIRST + 2))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("batch_number=" + (FIRST + 2));
    assertThat(batchEvents(nova).currentSnapshot().snapshotId()).isEqualTo(snapshot);
    assertThat(state(nova, "2026-11-21T12:00Z")).isEqualTo("closed");

    Files.delete(folder);
    assertThat(run(nova, FIRST + 2).state()).isEqualTo(State.COMPLETED);
    assertThat(state(nova, "2026-11-21T12:00Z")).isEqualTo("completed");
  }

  private static String state(ProcessCluster nova, String batch) {
    return nova.ask("CALL nova.sys.list_batches()").stream()
        .filter(row -> row.get(0).asText().equals(batch))
        .map(row -> row.get(2).asText())
        .findFirst()
        .orElseThrow();
  }

  private static void aCorrectionAfterTheCompletionShowsAtOnce(ProcessCluster nova)
      throws IOException {
    sendLate(nova, ofType("a", MinuteEvents.event("correction", 0, minute(55))));
    assertThat(lambda(nova)).isEqualTo(3 * MinuteEvents.AN_HOUR + 2);
    assertThat(run(nova, FIRST).lateRows()).isEqualTo(3);
    assertThat(lambda(nova)).isEqualTo(3 * MinuteEvents.AN_HOUR + 3);
    theBatchIsOneSortedFile(nova);
  }

  private static Message ofType(String type, Message event) {
    String text = new String(Objects.requireNonNull(event.value()), UTF_8);
    return new Message(
        text.replace("\"event_type\":\"x\"", "\"event_type\":\"" + type + "\"").getBytes(UTF_8),
        event.partition(),
        event.uploadMicros());
  }

  private static void theBatchIsOneSortedFile(ProcessCluster nova) throws IOException {
    Table table = batchEvents(nova);
    try (CloseableIterable<FileScanTask> files = table.newScan().filter(of(FIRST)).planFiles();
        CloseableIterable<Record> rows = IcebergGenerics.read(table).where(of(FIRST)).build()) {
      assertThat(files).hasSize(1);
      assertThat(rows.iterator().next().getField("event_type")).isEqualTo("a");
    }
  }

  private static Expression of(long batch) {
    return Expressions.equal("batch_number", batch);
  }

  private static long lambda(ProcessCluster nova) {
    return nova.ask("SELECT COUNT(*) FROM lambda_events").get(0).get(0).asLong();
  }

  private static Table batchEvents(ProcessCluster nova) {
    return BatchTable.find(nova.processes().warehouse()).orElseThrow();
  }

  private static List<String> tagged(ProcessCluster nova) throws IOException {
    Table table = EventTable.find(nova.processes().warehouse()).orElseThrow().iceberg();
    long tag = table.snapshot(BatchTags.name(FIRST)).snapshotId();
    return rows(table, IcebergGenerics.read(table).useSnapshot(tag).build());
  }

  private static List<String> loaded(ProcessCluster nova, long batch) throws IOException {
    Table table = batchEvents(nova);
    return rows(table, IcebergGenerics.read(table).where(of(batch)).build());
  }

  /** All rows with all columns by name, both sorted. */
  private static List<String> rows(Table table, CloseableIterable<Record> read) throws IOException {
    try (read) {
      List<String> columns =
          table.schema().columns().stream().map(NestedField::name).sorted().toList();
      List<String> rows = new ArrayList<>();
      for (Record row : read) {
        StringBuilder text = new StringBuilder();
        for (String column : columns) {
          text.append(column).append('=').append(row.getField(column)).append('|');
        }
        rows.add(text.toString());
      }
      rows.sort(null);
      return rows;
    }
  }
}
