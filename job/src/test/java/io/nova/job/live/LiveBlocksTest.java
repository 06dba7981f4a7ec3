package io.nova.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Tally;
import io.nova.fixtures.Waiting;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.job.shard.BlockHarness;
import io.nova.live.client.LiveClient;
import io.nova.live.client.LiveRows;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.shard.BlockFile;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live view of a subtask, read through its live server. */
class LiveBlocksTest {
  private static final String RUN = "7d8b8d4e-4a43-4c1c-b2f5-6f9f4a1e0001";
  private static final String NEXT_RUN = "7d8b8d4e-4a43-4c1c-b2f5-6f9f4a1e0002";
  private static final String LAST_RUN = "7d8b8d4e-4a43-4c1c-b2f5-6f9f4a1e0003";
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private JobWarehouse warehouse;
  private final LiveClient client = new LiveClient(Optional.empty(), "", LONG);

  @BeforeEach
  void tableIsBorn() {
    warehouse = new JobWarehouse(folder);
  }

  private BlockHarness begin(String run, OperatorSubtaskState restored) throws Exception {
    BlockHarness blocks = new BlockHarness(warehouse.settings, 1, 0, restored);
    blocks.generation(run);
    return blocks;
  }

  private Announcement announced(String run) throws IOException {
    List<Announcement> all =
        new Announcements(warehouse.table.iceberg().location(), Storage.configuration()).read(run);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private PinnedView pin(String run) throws IOException {
    return client.pin(announced(run));
  }

  /** Device ids of the rows that the subtask serves. */
  private List<String> devices(String run) throws IOException {
    Announcement at = announced(run);
    return devices(at, client.pin(at));
  }

  private List<String> devices(Announcement at, PinnedView pinned) throws IOException {
    int device = warehouse.table.iceberg().schema().findField("device_id").fieldId();
    List<Integer> shards = IntStream.range(0, warehouse.settings.shards()).boxed().toList();
    String all = ExpressionParser.toJson(Expressions.alwaysTrue());
    List<String> devices = new ArrayList<>();
    try (LiveRows rows =
        client.rows(
            at, new RowsRequest(pinned.lease(), shards, List.of(device), all, Long.MAX_VALUE))) {
      for (IndexedRecord row = rows.next(); row != null; row = rows.next()) {
        devices.add(String.valueOf(row.get(0)));
      }
    }
    client.release(at, pinned.lease());
    return devices;
  }

  @Test
  void anAdmittedEventIsServedAfterTheNextPublishingAndADuplicateIsNot() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.offer(JobEvents.at("10:07").by("b"));
      assertThat(devices(RUN)).isEmpty();
      blocks.pass(Duration.ofMillis(100));

      assertThat(devices(RUN)).containsExactlyInAnyOrder("a", "b");
      assertThat(pin(RUN).open()).hasSize(2);
      assertThat(pin(RUN).behind()).isEmpty();
    }
  }

  @Test
  void aSealedBlockIsNamedByItsFileUntilItIsInTheTableOfThisRun() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      CommitChain chain = CommitChain.begin(warehouse.table, RUN);
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.watermark("12:00");
      blocks.pass(Duration.ofMillis(100));

      assertThat(devices(RUN)).isEmpty();
      BlockFile file = blocks.files().get(0);
      PinnedView sealed = pin(RUN);
      assertThat(sealed.sealed()).containsExactly(file);
      int shard = file.blocks().get(0).shard();
      assertThat(sealed.shards().get(shard).inTable()).isZero();
      assertThat(sealed.shards().get(shard).sealed()).isEqualTo(1);

      Draft draft = Draft.first(chain.head(), warehouse.settings.shards());
      draft.add(file);
      chain.apply(draft.draw(RUN, new Tally()));
      Waiting.until(
          () -> {
            blocks.pass(Duration.ofMillis(100));
            return pin(RUN).sealed().isEmpty();
          });
      assertThat(pin(RUN).shards().get(shard).inTable()).isEqualTo(1);
    }
  }

  @Test
  void aCommitOfAnotherRunDoesNotCount() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      CommitChain zombie = CommitChain.begin(warehouse.table, NEXT_RUN);
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.watermark("12:00");
      blocks.pass(Duration.ofMillis(100));
      Draft draft = Draft.first(zombie.head(), warehouse.settings.shards());
      draft.add(blocks.files().get(0));
      zombie.apply(draft.draw(NEXT_RUN, new Tally()));
      Thread.sleep(1_500);
      blocks.pass(Duration.ofMillis(100));

      assertThat(pin(RUN).sealed()).hasSize(1);
    }
  }

  @Test
  void afterARestoreTheOpenRowsAreServedAndTheSealedOnesAreLeftToTheTable() throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.watermark("12:00");
      blocks.offer(JobEvents.at("12:01").by("b"));
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = begin(NEXT_RUN, savepoint)) {
      assertThat(devices(NEXT_RUN)).containsExactly("b");
      PinnedView view = pin(NEXT_RUN);
      assertThat(view.sealed()).isEmpty();
      assertThat(view.shards().stream().mapToLong(end -> end.inTable()).sum()).isEqualTo(1);
      assertThat(view.shards().stream().mapToLong(end -> end.sealed()).sum()).isEqualTo(1);
    }
  }

  @Test
  void afterAFailureItIsBehindUntilItHasReadWhatWasServedBefore() throws Exception {
    OperatorSubtaskState checkpoint;
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a").from(0, 10));
      checkpoint = blocks.snapshot();
      blocks.offer(JobEvents.at("10:03").by("b").from(0, 11));
      blocks.offer(JobEvents.at("10:03").by("c").from(1, 7));
      blocks.pass(Duration.ofMillis(100));
      assertThat(devices(RUN)).containsExactlyInAnyOrder("a", "b", "c");
    }
    try (BlockHarness blocks = begin(NEXT_RUN, checkpoint)) {
      assertThat(pin(NEXT_RUN).behind())
          .containsExactlyInAnyOrder(new Behind(0, 10, 11), new Behind(1, -1, 7));
      blocks.offer(JobEvents.at("10:03").by("b").from(0, 11));
      blocks.pass(Duration.ofMillis(100));
      assertThat(pin(NEXT_RUN).behind()).containsExactly(new Behind(1, -1, 7));
      blocks.progress(1, "10:03", 7);
      blocks.pass(Duration.ofMillis(100));
      assertThat(pin(NEXT_RUN).behind()).isEmpty();
    }
  }

  /** More elements of the message may follow, which the answer before the failure has shown. */
  @Test
  void anElementDoesNotSayThatItsWholeMessageWasRead() throws Exception {
    OperatorSubtaskState checkpoint;
    try (BlockHarness blocks = begin(RUN, null)) {
      checkpoint = blocks.snapshot();
      blocks.offer(JobEvents.at("10:02").by("a").from(0, 10).element(0));
      blocks.offer(JobEvents.at("10:02").by("b").from(0, 10).element(1));
      blocks.pass(Duration.ofMillis(100));
      assertThat(devices(RUN)).containsExactlyInAnyOrder("a", "b");
    }
    try (BlockHarness blocks = begin(NEXT_RUN, checkpoint)) {
      blocks.offer(JobEvents.at("10:02").by("a").from(0, 10).element(0));
      blocks.pass(Duration.ofMillis(100));
      assertThat(pin(NEXT_RUN).behind()).containsExactly(new Behind(0, 9, 10));
      blocks.offer(JobEvents.at("10:02").by("b").from(0, 10).element(1));
      blocks.offer(JobEvents.at("10:02").by("c").from(0, 11).element(0));
      blocks.pass(Duration.ofMillis(100));
      assertThat(pin(NEXT_RUN).behind()).isEmpty();
    }
  }

  @Test
  void theCheckpointsThatARunGoesBackToAreKeptAndShown() throws Exception {
    OperatorSubtaskState older;
    OperatorSubtaskState newer;
    try (BlockHarness blocks = begin(RUN, null)) {
      assertThat(pin(RUN).checkpointed().ancestry()).isEqualTo(Ancestry.NONE);
      older = blocks.snapshot(3);
      newer = blocks.snapshot(4);
    }
    Ancestry four = Ancestry.NONE.with(new RunCheckpoint(RUN, 4));
    try (BlockHarness blocks = begin(NEXT_RUN, newer)) {
      assertThat(pin(NEXT_RUN).checkpointed().ancestry()).isEqualTo(four);
      OperatorSubtaskState unused = blocks.snapshot(1);
      blocks.complete(1);
      blocks.pass(Duration.ofMillis(100));
      assertThat(pin(NEXT_RUN).checkpointed().ancestry())
          .isEqualTo(four.with(new RunCheckpoint(NEXT_RUN, 1)));
    }
    try (BlockHarness blocks = begin(LAST_RUN, older)) {
      assertThat(pin(LAST_RUN).checkpointed().ancestry().holds(new RunCheckpoint(RUN, 3))).isTrue();
      assertThat(pin(LAST_RUN).checkpointed().ancestry().holds(new RunCheckpoint(RUN, 4)))
          .isFalse();
    }
  }

  @Test
  void offsetsThatNoAnswerHasShownDelayNothing() throws Exception {
    OperatorSubtaskState checkpoint;
    try (BlockHarness blocks = begin(RUN, null)) {
      checkpoint = blocks.snapshot();
      blocks.offer(JobEvents.at("10:02").by("a").from(0, 10));
      blocks.pass(Duration.ofMillis(100));
    }
    try (BlockHarness blocks = begin(NEXT_RUN, checkpoint)) {
      assertThat(pin(NEXT_RUN).behind()).isEmpty();
    }
  }

  @Test
  void rowsThatWereSpilledAreServedByTheTaskThread() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      for (int i = 0; i < 2_000; i++) {
        blocks.offer(JobEvents.at("10:02").by("d" + i).saying("{\"n\": " + i + "}"));
      }
      blocks.spill();
      blocks.pass(Duration.ofMillis(100));
      CompletableFuture<List<String>> asked =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> {
                try {
                  return devices(RUN);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      while (!asked.isDone()) {
        blocks.pass(Duration.ofMillis(1));
        Thread.sleep(1);
      }

      assertThat(asked.get()).hasSize(2_000).doesNotHaveDuplicates();
    }
  }

  @Test
  void spilledRowsThatAreSealedWhileAQueryReadsAreServedFromTheirFile() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      for (int i = 0; i < 2_000; i++) {
        blocks.offer(JobEvents.at("10:02").by("d" + i).saying("{\"n\": " + i + "}"));
      }
      blocks.spill();
      blocks.pass(Duration.ofMillis(100));
      PinnedView pinned = pin(RUN);
      blocks.watermark("12:00");
      assertThat(blocks.files()).hasSize(1);
      CompletableFuture<List<String>> asked =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return devices(announced(RUN), pinned);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      while (!asked.isDone()) {
        blocks.pass(Duration.ofMillis(1));
        Thread.sleep(1);
      }

      assertThat(asked.get()).hasSize(2_000).doesNotHaveDuplicates();
    }
  }

  @Test
  void aServerThatCannotStartIsTriedAgainAndShowsAllThatHappenedMeanwhile() throws Exception {
    Path live = Path.of(URI.create(warehouse.table.iceberg().location())).resolve("live");
    Files.writeString(live, "in the way");
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.watermark("12:00");
      blocks.offer(JobEvents.at("12:01").by("b"));
      blocks.pass(Duration.ofMillis(100));
      assertThat(blocks.serves()).isFalse();
      Files.delete(live);

      blocks.pass(Duration.ofSeconds(2));
      assertThat(blocks.serves()).isTrue();
      assertThat(devices(RUN)).containsExactly("b");
      assertThat(pin(RUN).sealed()).hasSize(1);
    }
  }

  @Test
  void aServerThatCannotStartIsNotTriedMoreThanOnceAMinuteAtLast() throws Exception {
    Path live = Path.of(URI.create(warehouse.table.iceberg().location())).resolve("live");
    Files.writeString(live, "in the way");
    try (BlockHarness blocks = begin(RUN, null)) {
      for (int i = 0; i < 10; i++) {
        blocks.pass(Duration.ofMinutes(2));
      }
      Files.delete(live);

      blocks.pass(Duration.ofSeconds(50));
      assertThat(blocks.serves()).isFalse();
      blocks.pass(Duration.ofSeconds(20));
      assertThat(blocks.serves()).isTrue();
    }
  }

  @Test
  void aDrainIsAnnouncedByAServerThatCouldNotStartBefore() throws Exception {
    Path live = Path.of(URI.create(warehouse.table.iceberg().location())).resolve("live");
    Files.writeString(live, "in the way");
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a"));
      Files.delete(live);
      blocks.drain();

      assertThat(announced(RUN).drained()).isTrue();
    }
  }

  @Test
  void aDrainIsAnnouncedWithWithTheSequencesThatTheTableMustReach() throws Exception {
    try (BlockHarness blocks = begin(RUN, null)) {
      blocks.offer(JobEvents.at("10:02").by("a"));
      blocks.drain();

      assertThat(announced(RUN).drained()).isTrue();
      assertThat(announced(RUN).shards().stream().mapToLong(end -> end.sealed()).sum())
          .isEqualTo(1);
    }
  }
}
