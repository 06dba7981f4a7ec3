package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/**
 * What breaks deduplication in other systems, case by case on the real job. Each case says exactly
 * how many events it adds, and what is in the table at the end is compared row by row.
 */
class DedupITCase {
  private static final int[] ALL = {0, 1, 2, 3};
  private static final int[] OTHERS = {1, 2, 3};

  private ProcessCluster nova;
  private final List<Message> everything = new ArrayList<>();

  /** Identities that must be in the table, marked ones with a star. */
  private final List<String> expected = new ArrayList<>();

  private void admitted(String app, Stream<String> ids) {
    ids.forEach(id -> expected.add(app + ":" + id));
  }

  private void admitted(String name, int count) {
    admitted("7", Stream.iterate(0, i -> i + 1).limit(count).map(i -> name + i));
  }

  /** Sends, waits, and compares the changes of the figures with those that the case expects. */
  private void send(
      List<Message> messages, long admitted, long duplicates, Map<String, Long> rejected) {
    JobFigures before = nova.figures();
    everything.addAll(messages);
    nova.send(messages, Pace.UNPACED);
    nova.awaitAllDecided();
    JobFigures after = nova.figures();
    assertThat(after.admitted() - before.admitted()).as("admitted").isEqualTo(admitted);
    assertThat(after.duplicates() - before.duplicates()).as("duplicates").isEqualTo(duplicates);
    rejected.forEach(
        (reason, count) ->
            assertThat(
                    after.rejected().getOrDefault(reason, 0L)
                        - before.rejected().getOrDefault(reason, 0L))
                .as(reason)
                .isEqualTo(count));
    assertThat(after.rejectedTotal() - before.rejectedTotal())
        .isEqualTo(rejected.values().stream().mapToLong(Long::longValue).sum());
  }

  private void send(List<Message> messages, long admitted, long duplicates) {
    send(messages, admitted, duplicates, Map.of());
  }

  private void fresh(String name, int count, int hour, int minutes, int... partitions) {
    send(Copies.spread(name, count, hour, minutes, partitions), count, 0);
    admitted(name, count);
  }

  @Test
  void aStopThatOutlivesTheTimeToLiveAdmitsNothingTwice() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("ttl")) {
      nova = cluster;
      List<String> options =
          List.of("--nova.checkpoint.interval", "2 s", "--nova.dedup.state-ttl", "4 s");
      nova.submit(options, Optional.empty(), 2);
      fresh("early", 400, 10, 4, ALL);
      fresh("late", 400, 11, 14, ALL);
      nova.await("a block has left", () -> nova.figures().blockFiles() > 0);
      String savepoint = nova.stop(false);
      Thread.sleep(6_000);

      nova.submit(options, Optional.of(savepoint), 2);
      send(Copies.spread("late", 400, 11, 14, ALL), 0, 400);
      send(Copies.spread("early", 400, 10, 4, ALL), 0, 0, Map.of("unknown", 400L));
      nova.stop(true);
      tableMustHoldTheExpected();
    }
  }

  @Test
  void noStallOrderOrClockAdmitsACopy() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("dedup")) {
      nova = cluster;
      Path policies = Path.of("target", "it", "policies.json").toAbsolutePath();
      write(policies, "");
      List<String> options = options(policies);
      nova.submit(options, Optional.empty(), 2);

      silence();
      wrongTimes();
      anHourOfNothingButDuplicates();
      identities();
      payloads(policies);
      theWholeTopicAgain(options);

      nova.stop(true);
      tableMustHoldTheExpected();
    }
  }

  private static List<String> options(Path policies) {
    return List.of(
        "--nova.checkpoint.interval",
        "2 s",
        "--nova.partition.idle-timeout",
        "1 s",
        "--nova.chunk.target-size",
        "1 kb",
        "--nova.dedup.largest-window",
        "2 h",
        "--nova.policy.check-interval",
        "200 ms",
        "--nova.ledger",
        "true",
        "--nova.policy.file",
        policies.toString());
  }

  /** Replaces the file at once, as a careful editor does. */
  private static void write(Path policies, String more) throws Exception {
    Path beside = policies.resolveSibling("policies.new");
    Files.writeString(
        beside, "{\"version\":1,\"policies\":[{\"app\":9,\"window\":\"2 h\"}%s]}".formatted(more));
    Files.move(beside, policies, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Kafka is silent for an hour, then other messages come, then fresh ones come first, then a
   * stall.
   */
  private void silence() {
    List<Message> first = Copies.spread("a", 400, 10, 9, ALL);
    fresh("a", 400, 10, 9, ALL);
    send(first.subList(0, 100), 0, 100);

    fresh("b", 300, 11, 10, OTHERS);
    send(onlyOf(0, first), 0, 100);

    fresh("c", 80, 12, 10, ALL);
    nova.await("the first blocks have left", () -> nova.figures().blockFiles() > 0);
    send(first, 0, 400);

    fresh("d", 3_000, 15, 30, OTHERS);
    List<Message> stalled = new ArrayList<>(onlyOf(0, everything));
    stalled.addAll(Copies.spread("e", 120, 15, 30, 0));
    send(stalled, 120, stalled.size() - 120);
    admitted("e", 120);
  }

  private static List<Message> onlyOf(int partition, List<Message> messages) {
    return messages.stream().filter(message -> message.partition() == partition).toList();
  }

  /** The first upload time is after the broker's clock; the second is before it, as in a replay. */
  private void wrongTimes() {
    List<Message> wrong =
        List.of(
            Copies.at("15:31", "w0").uploaded("2099-03-02 15:31:00").on(1),
            Copies.at("15:31", "w1").uploaded("2026-09-02 15:31:00").on(2),
            Copies.at("15:31", "w2").uploaded("2025-03-02 15:31:00").on(3),
            Copies.at("15:31", "w3").uploaded("").on(0));
    List<Message> around = new ArrayList<>(Copies.spread("f", 40, 15, 40, ALL));
    around.addAll(20, wrong);
    send(around, 41, 0, Map.of("too_early", 1L, "too_late", 1L, "upload_time_missing", 1L));
    admitted("f", 40);
    expected.add("7:w1");

    List<Message> after = new ArrayList<>(Copies.spread("f", 40, 15, 40, ALL));
    after.addAll(Copies.spread("a", 400, 10, 9, ALL));
    after.addAll(Copies.spread("g", 40, 15, 45, ALL));
    send(after, 40, 440);
    admitted("g", 40);
  }

  /** Retries of one second's events over an hour, with a dedup window of two hours. */
  private void anHourOfNothingButDuplicates() {
    List<Message> originals = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      originals.add(Copies.at("15:50", "h" + i).app(9).on(i % 4));
    }
    send(originals, 100, 0);
    admitted("9", Stream.iterate(0, i -> i + 1).limit(100).map(i -> "h" + i));
    JobFigures before = nova.figures();
    long checkpoint = nova.lastCheckpoint().orElse(0L);

    List<Message> retries = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String time = "16:%02d".formatted(i * 60 / 2_000);
      retries.add(Copies.at(time, "h" + i % 100).app(9).on(i % 4));
    }
    send(retries, 0, 2_000);
    nova.await(
        "eviction, chunks and the frontier go on",
        () ->
            nova.figures().blockFiles() > before.blockFiles()
                && nova.figures().chunks() > before.chunks()
                && nova.figures().frontierMicros().orElse(0)
                    > before.frontierMicros().orElse(0) + 3_000_000_000L);
    nova.await(
        "the lag is gone",
        () -> nova.lastCheckpoint().orElse(0L) > checkpoint + 1 && committedOffsets() == sent());
  }

  private long sent() {
    return everything.size();
  }

  /** The committed offsets of the job, as Kafka's own tools show them. */
  private long committedOffsets() {
    try (Admin admin = admin()) {
      return admin
          .listConsumerGroupOffsets("nova")
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(offset -> offset.offset())
          .sum();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", nova.processes().bootstrapServers()));
  }

  /** Two apps, another user, and ids of 1 byte and of 64 KB. */
  private void identities() {
    String large = "x".repeat(65_536);
    Copies one = Copies.at("17:01", "i");
    Copies two = Copies.at("17:01", large);
    send(
        List.of(
            one.on(0), one.app(8).on(1), two.on(2), two.app(8).on(3), two.id(large + "y").on(0)),
        5,
        0);
    expected.addAll(List.of("7:i", "8:i", "7:" + large, "8:" + large, "7:" + large + "y"));
    send(
        List.of(
            one.on(3),
            one.by("somebody else").on(1),
            one.retriedAt("17:06").by("after login").on(2),
            two.on(1),
            two.app(8).retriedAt("17:09").on(0)),
        0,
        5);
  }

  /** The same identity with another payload, under each rule; two rules come while the job runs. */
  private void payloads(Path policies) throws Exception {
    Copies first = Copies.at("17:11", "p").saying("{\"n\":1}");
    Copies other = first.saying("{\"n\":2}");
    write(
        policies, ",{\"app\":12,\"conflict\":\"keep-both\"},{\"app\":13,\"conflict\":\"reject\"}");
    Thread.sleep(1_000);

    List<Message> firsts = new ArrayList<>();
    List<Message> copies = new ArrayList<>();
    for (int app = 11; app <= 13; app++) {
      firsts.add(first.app(app).on(app % 4));
      copies.add(first.app(app).on((app + 1) % 4));
      copies.add(other.app(app).on((app + 2) % 4));
      expected.add(app + ":p");
    }
    send(firsts, 3, 0);
    send(copies, 1, 4, Map.of("conflicting", 1L));
    send(List.of(other.app(12).retriedAt("17:15").on(2), first.app(12).on(3)), 0, 2);
    expected.add("12:p*");
  }

  /** All messages again, in another order and on more partitions. */
  private void theWholeTopicAgain(List<String> options) throws Exception {
    String savepoint = nova.stop(false);
    try (Admin admin = admin()) {
      admin.createPartitions(Map.of(LocalCluster.EVENTS, NewPartitions.increaseTo(6))).all().get();
    }
    nova.submit(options, Optional.of(savepoint), 2);
    long admitted = nova.figures().admitted();
    List<Message> again = new ArrayList<>();
    Random random = new Random(5);
    everything.forEach(
        m -> again.add(new Message(m.value(), random.nextInt(6), Message.UNKNOWN_TIME)));
    Collections.shuffle(again, random);
    nova.send(again, Pace.UNPACED);
    nova.awaitAllDecided();

    assertThat(nova.figures().admitted()).isEqualTo(admitted);
    assertThat(nova.restarts()).isZero();
  }

  /** The table's rows, read with Iceberg's generic reader. */
  private void tableMustHoldTheExpected() throws Exception {
    Table table =
        new HadoopTables(new Configuration()).load(nova.processes().warehouse() + "/nova/events");
    List<String> found = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).select("app", "insert_id", "conflicting").build()) {
      for (Record row : rows) {
        boolean marked = row.getField("conflicting") != null;
        found.add(row.getField("app") + ":" + row.getField("insert_id") + (marked ? "*" : ""));
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }
}
