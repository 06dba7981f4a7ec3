package io.nova.cli;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A collector whose clock is 30 days ahead. The broker's clock is later, so it shows nothing. */
@Tag("soak")
class WrongClockITCase {
  private static final int[] ALL = {0, 1, 2, 3};
  private static final String WRONG_DAY = "2026-04-01";
  private static final List<String> OPTIONS =
      List.of(
          "--nova.checkpoint.interval",
          "2 s",
          "--nova.block.interval",
          "10 s",
          "--nova.block.linger",
          "1 s",
          // A batch that the wrong clock closes stays closed: only an older savepoint opens it.
          "--nova.batch.close-delay",
          "365 d");

  private ProcessCluster nova;
  private final List<String> expected = new ArrayList<>();

  @Test
  void wrongClockClosesNoDoorAndALastingOneIsUndone() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("clock")) {
      nova = cluster;
      nova.submit(OPTIONS, Optional.empty(), 2);
      admitted(rightHour("a", 10));
      admitted(rightHour("b", 11));
      admitted(rightHour("c", 12));

      admitted(wrong("w", 40, 1));
      long sealed = nova.figures().blockFiles();
      admitted(rightHour("d", 13));
      nova.await("blocks are sealed", () -> nova.figures().blockFiles() > sealed + 10);
      String before = nova.stop(false);

      nova.submit(OPTIONS, Optional.of(before), 2);
      admitted(wrong("y", 480, 120));
      admitted(rightHour("f", 14));
      admittedStampedAlike(wrong("x", 480, 120));
      List<Sent> right = rightHour("e", 15);
      send(right, Map.of("too_late", (long) right.size()));
      String after = nova.stop(false);

      nova.submit(undone(), Optional.of(after), 1);
      admittedUnlessUnknown(right);
      nova.stop(false);

      nova.submit(undone(), Optional.of(before), 2);
      nova.awaitAllDecided();
      assertThat(nova.figures().rejectedTotal()).isZero();
      nova.stop(true);
      right.forEach(one -> expected.add(one.id()));
      assertThat(tableRows()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static List<String> undone() {
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(List.of("--nova.progress.not-after", "2026-03-02T15:00:00Z"));
    return options;
  }

  private record Sent(String id, long uploadMillis, Message message) {}

  private static List<Sent> rightHour(String name, int hour) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      String id = name + i;
      String time = "%02d:%02d".formatted(hour, i / 4);
      sent.add(new Sent(id, 0, Copies.at(time, id).on(i % ALL.length)));
    }
    return sent;
  }

  private static List<Sent> wrong(String name, int count, int minutes) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int minute = i * minutes / count;
      String time = "%s %02d:%02d:00".formatted(WRONG_DAY, 13 + minute / 60, minute % 60);
      String id = name + i;
      long millis = LocalDateTime.parse(time.replace(' ', 'T')).toInstant(UTC).toEpochMilli();
      sent.add(new Sent(id, millis, Copies.at("00:00", id).uploaded(time).on(i % ALL.length)));
    }
    return sent;
  }

  /** Their records have the wrong clock's time, too. */
  private void admittedStampedAlike(List<Sent> sent) throws Exception {
    JobFigures before = nova.figures();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", nova.processes().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (Sent one : sent) {
        producer
            .send(
                new ProducerRecord<>(
                    LocalCluster.EVENTS,
                    one.message().partition(),
                    one.uploadMillis(),
                    null,
                    one.message().value()))
            .get();
      }
    }
    nova.noteSent(sent.stream().map(Sent::message).toList());
    nova.awaitAllDecided();
    assertThat(nova.figures().admitted() - before.admitted()).isEqualTo(sent.size());
    sent.forEach(one -> expected.add(one.id()));
  }

  private void admitted(List<Sent> sent) {
    send(sent, Map.of());
    sent.forEach(one -> expected.add(one.id()));
  }

  /** The fingerprints of the ten minutes before them have left with the step. */
  private void admittedUnlessUnknown(List<Sent> sent) {
    JobFigures before = nova.figures();
    nova.send(sent.stream().map(Sent::message).toList(), Pace.UNPACED);
    nova.awaitAllDecided();
    JobFigures after = nova.figures();
    long unknown = after.rejected().getOrDefault("unknown", 0L);
    assertThat(after.admitted() - before.admitted()).isEqualTo(sent.size() - unknown);
    assertThat(unknown).isLessThanOrEqualTo(40);
  }

  private void send(List<Sent> sent, Map<String, Long> rejected) {
    JobFigures before = nova.figures();
    nova.send(sent.stream().map(Sent::message).toList(), Pace.UNPACED);
    nova.awaitAllDecided();
    JobFigures after = nova.figures();
    long left = rejected.values().stream().mapToLong(Long::longValue).sum();
    assertThat(after.admitted() - before.admitted()).isEqualTo(sent.size() - left);
    rejected.forEach((reason, count) -> assertThat(after.rejected()).containsEntry(reason, count));
  }

  private List<String> tableRows() throws Exception {
    Table table =
        new HadoopTables(new Configuration()).load(nova.processes().warehouse() + "/nova/events");
    List<String> found = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).select("insert_id").build()) {
      rows.forEach(row -> found.add((String) row.getField("insert_id")));
    }
    return found;
  }
}
