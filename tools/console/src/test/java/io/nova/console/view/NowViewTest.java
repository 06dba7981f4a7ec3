package io.nova.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.console.view.NowPicture.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NowViewTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Path DOCS = Path.of("../..");

  @TempDir private Path folder;

  private FakeFlink flink;
  private DemoEngine engine;
  private Instant now = START;
  private NowView view;

  @BeforeEach
  void start() throws Exception {
    flink = new FakeFlink();
    engine = new DemoEngine();
    view = new NowView(DemoStore.store(folder, flink.address()), engine, () -> now);
    figures(1_000, 900, 80);
    flink.metric("blocks.nova.liveServed", 1);
    flink.checkpoint(START.minusSeconds(7).toEpochMilli(), 1_000);
    engine.run(
        """
        INSERT INTO freshness VALUES
          (0, NULL, '2026-11-20 09:59:59.6Z', NULL, 10, 100, 1),
          (1, NULL, '2026-11-20 09:59:58Z', NULL, 20, 200, 0),
          (0, 3, '2026-11-20 09:59:59.6Z', '2026-11-20 09:59:59Z', NULL, NULL, NULL),
          (1, 3, '2026-11-20 09:59:58Z', '2026-11-20 09:59:58Z', NULL, NULL, NULL)
        """);
  }

  @AfterEach
  void stop() {
    flink.close();
    engine.close();
  }

  private void figures(long received, long admitted, long duplicates) {
    flink.metric("Source__events.nova.numEventsReceived", (double) received);
    flink.metric("blocks.nova.numEventsAdmitted", (double) admitted);
    flink.metric("blocks.nova.numDuplicates", (double) duplicates);
    flink.metric("intake.nova.reason.not_json.numEventsRejected", 5);
    flink.metric("blocks.nova.reason.too_late.numEventsRejected", 5);
  }

  private List<String> alarms() {
    return view.collect().alarms().stream().map(Alarm::name).toList();
  }

  @Test
  void stateIsOneSentence() {
    NowPicture picture = view.collect();

    assertThat(picture.sentence())
        .isEqualTo("live, 0.4 s behind, all 2 shards answer, last checkpoint 6.0 s ago");
    assertThat(picture.level()).isEqualTo(Level.GOOD);
    assertThat(picture.alarms()).isEmpty();
  }

  @Test
  void sumCloses() {
    NowPicture.Counts counts = view.collect().counts();

    assertThat(counts.received())
        .isEqualTo(
            counts.admitted() + counts.duplicates() + counts.rejected() + counts.undecided());
    assertThat(counts.reasons()).containsEntry("not_json", 5L).containsEntry("too_late", 5L);
    assertThat(counts.undecided()).isEqualTo(10);
  }

  @Test
  void messageWithAnOutcomeCountsAsReceived() {
    figures(1_000, 1_100, 80);

    NowPicture.Counts counts = view.collect().counts();

    assertThat(counts.undecided()).isZero();
    assertThat(counts.received())
        .isEqualTo(counts.admitted() + counts.duplicates() + counts.rejected());
  }

  @Test
  void partitionHasItsNewestTimes() {
    assertThat(view.collect().partitions())
        .containsExactly(
            new NowPicture.PartitionLine(
                3, micros("2026-11-20T09:59:59.600Z"), micros("2026-11-20T09:59:59Z"), 400L));
  }

  private static long micros(String time) {
    return Instant.parse(time).toEpochMilli() * 1_000;
  }

  @Test
  void eventsOfAReplayedDayAreNotBehind() {
    now = START.plusSeconds(86_400);
    flink.checkpoint(now.minusSeconds(7).toEpochMilli(), 1_000);

    assertThat(view.collect().sentence())
        .startsWith("running, at upload time 2026-11-20 09:59:59,");
  }

  @Test
  void engineMayFailAlone() {
    engine.away("the cut is lost");

    NowPicture picture = view.collect();

    assertThat(picture.sources()).contains(new Source("live views", "the cut is lost"));
    assertThat(picture.counts()).isNotNull();
    assertThat(picture.sentence()).contains("the live views do not answer");
    assertThat(picture.level()).isEqualTo(Level.WARNING);
  }

  @Test
  void flinkMayFailAlone() {
    flink.close();

    NowPicture picture = view.collect();

    assertThat(picture.level()).isEqualTo(Level.DOWN);
    assertThat(picture.sentence()).startsWith("The job is down: Flink at http://127.0.0.1:");
    assertThat(picture.partitions()).hasSize(1);
    assertThat(alarms()).containsExactly("NovaJobIsGone");
  }

  @Test
  void jobThatRestartsIsDown() {
    flink.job("RESTARTING");

    NowPicture picture = view.collect();

    assertThat(picture.level()).isEqualTo(Level.DOWN);
    assertThat(picture.sentence()).isEqualTo("The job is RESTARTING.");
  }

  @Test
  void jobWhoseTasksDoNotRunIsDown() {
    flink.task("DEPLOYING");

    NowPicture picture = view.collect();

    assertThat(picture.level()).isEqualTo(Level.DOWN);
    assertThat(picture.sentence()).isEqualTo("The job starts: not all of its tasks run.");
  }

  @Test
  void folderWithoutARunSaysHowToStart() throws Exception {
    NowPicture picture = new NowView(DemoStore.store(folder, null), engine, () -> now).collect();

    assertThat(picture.level()).isEqualTo(Level.NOTHING);
    assertThat(picture.sentence()).contains(folder.toString()).contains("./nova local");
    assertThat(picture.alarms()).isEmpty();
  }

  @Test
  void gaugesRaiseAlarms() {
    flink.metric("committer.nova.notCommittedSeconds", 901);
    flink.metric("blocks.nova.fingerprintsHeldByPartition", 2);
    flink.metric("blocks.nova.memoryPressure", 2);
    flink.metric("blocks.nova.liveServed", 0);
    flink.metric("Source__events.deserializer.policyRefused", 1);
    flink.metric("Source__events.deserializer.registryAway", 1);
    flink.metric("handoff.nova.closeHeldByPartition", 0);
    flink.metric("committer.nova.closedNotCompletedSeconds", 172_801);
    flink.metric("committer.nova.diskDaysLeft", 2);

    assertThat(alarms())
        .containsExactly(
            "NovaNothingIsCommitted",
            "NovaPartitionHoldsBackTheRest",
            "NovaMemoryIsShort",
            "NovaLiveViewIsNotServed",
            "NovaPolicyIsRefused",
            "NovaRegistryIsAway",
            "NovaBatchDoesNotClose",
            "NovaBatchIsNotCompleted",
            "NovaDiskGetsFull");
    assertThat(view.collect().level()).isEqualTo(Level.WARNING);
    assertThat(view.collect().alarms().get(2).text())
        .isEqualTo("Memory pressure is at stage 2 of 3.");
  }

  @Test
  void gaugesThatAreWellRaiseNone() {
    flink.metric("committer.nova.notCommittedSeconds", 900);
    flink.metric("blocks.nova.fingerprintsHeldByPartition", -1);
    flink.metric("handoff.nova.closeHeldByPartition", -1);
    flink.metric("committer.nova.closedNotCompletedSeconds", 172_800);
    flink.metric("committer.nova.diskDaysLeft", -1);

    assertThat(alarms()).isEmpty();
  }

  @Test
  void changesRaiseAlarms() {
    assertThat(alarms()).isEmpty();
    now = now.plusSeconds(60);
    figures(2_000, 1_500, 80);
    flink.metric("intake.nova.reason.not_json.numEventsRejected", 300);
    flink.metric("blocks.nova.reason.unknown.numEventsRejected", 1);
    flink.restarts(3);

    assertThat(alarms())
        .containsExactly("NovaJobRestarts", "NovaManyEventsAreRejected", "NovaFingerprintsAreGone");
  }

  @Test
  void oldCheckpointAndStandingFrontierRaiseAlarms() {
    flink.metric("blocks.nova.frontierMicros", 1e15);
    flink.metric("Source__events.pendingRecords", 10);
    assertThat(alarms()).isEmpty();
    now = now.plusSeconds(14 * 60);
    figures(2_000, 1_900, 80);
    flink.metric("Source__events.pendingRecords", 10_000);

    assertThat(alarms())
        .containsExactly("NovaCheckpointIsOld", "NovaFallsBehind", "NovaFrontierStandsStill");
  }

  /** With a mapping that has {@code each}, a message has many events. */
  @Test
  void aLagIsComparedWithTheMessagesThatWereReadAndNotWithTheirEvents() {
    flink.metric("Source__events.numRecordsIn", 20);
    flink.metric("intake.numRecordsIn", 1_000);
    flink.metric("Source__events.pendingRecords", 10);
    alarms();
    now = now.plusSeconds(300);
    figures(501_000, 500_900, 80);
    flink.metric("Source__events.numRecordsIn", 10_020);
    flink.metric("intake.numRecordsIn", 501_000);

    flink.metric("Source__events.pendingRecords", 10_001);
    assertThat(alarms()).contains("NovaFallsBehind");
    flink.metric("Source__events.pendingRecords", 9_999);
    assertThat(alarms()).doesNotContain("NovaFallsBehind");
  }

  @Test
  void everyAlarmIsARuleAndHasASectionOfTheRunbook() throws Exception {
    String source =
        Files.readString(Path.of("src/main/java/io/nova/console/view/Alarms.java"))
            + Files.readString(Path.of("src/main/java/io/nova/console/view/NowView.java"));
    String rules = Files.readString(DOCS.resolve("deploy/prometheus/nova-rules.yaml"));
    List<String> names = found("\"(Nova[A-Za-z]+)\"", source);
    List<String> sections = found("\"((?:[a-z]+-){2,}[a-z]+)\"", source);
    List<String> headings =
        Files.readAllLines(DOCS.resolve("docs/operations/runbook.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3).toLowerCase(Locale.ROOT).replace(' ', '-'))
            .toList();

    assertThat(names).containsExactlyInAnyOrderElementsOf(found("alert: (Nova[A-Za-z]+)", rules));
    assertThat(sections).isNotEmpty().isSubsetOf(headings);
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }
}
