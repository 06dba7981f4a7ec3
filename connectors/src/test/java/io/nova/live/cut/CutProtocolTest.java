package io.nova.live.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.handoff.BatchNumbers;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of the cut, with a job that changes between the steps of the protocol. */
class CutProtocolTest {
  private final FakeJob job = new FakeJob(3);
  private int attempts = 3;

  private Cut take(Completeness completeness) {
    LiveAccess access = new LiveAccess(completeness, "", Duration.ofSeconds(10));
    return job.cuts(access, () -> --attempts > 0).take();
  }

  private Cut strict() {
    return take(Completeness.STRICT);
  }

  private static List<String> paths(Cut cut) {
    return cut.sealed().stream().map(BlockFile::path).toList();
  }

  private void onlyOnce(Runnable change) {
    job.afterPins =
        () -> {
          job.afterPins = () -> {};
          change.run();
        };
  }

  @Test
  void openBlocksOfAllAndTheSnapshotMakeTheCut() {
    Cut cut = strict();
    assertThat(cut.snapshotId()).contains(1L);
    assertThat(cut.views()).hasSize(3);
    assertThat(cut.openRows()).isEqualTo(15);
    assertThat(cut.gaps()).isEmpty();
    assertThat(job.leases).hasSize(3);
  }

  @Test
  void sealedFileIsReadBesideTheSnapshotUntilTheSnapshotHoldsIt() {
    job.sealed.put(0, List.of(FakeJob.file("one", "0:1"), FakeJob.file("two", "0:2")));
    job.end(0, 0, 2);
    assertThat(paths(strict())).containsExactly("one", "two");
    job.sequences[0] = 1;
    assertThat(paths(strict())).containsExactly("two");
    job.sequences[0] = 2;
    assertThat(paths(strict())).isEmpty();
  }

  @Test
  void fileCommittedBetweenPinAndSnapshotIsReadOnce() {
    job.sealed.put(1, List.of(FakeJob.file("one", "1:1")));
    job.end(1, 0, 1);
    onlyOnce(
        () -> {
          job.sequences[1] = 1;
          job.snapshotId = 2;
        });
    Cut cut = strict();
    assertThat(cut.snapshotId()).contains(2L);
    assertThat(paths(cut)).isEmpty();
    assertThat(job.pins).isEqualTo(1);
  }

  @Test
  void openBlockSealedAndCommittedBetweenPinAndSnapshotIsTakenAnew() {
    onlyOnce(
        () -> {
          job.sequences[2] = 1;
          job.snapshotId = 2;
          job.end(2, 1, 1);
        });
    Cut cut = strict();
    assertThat(job.pins).isEqualTo(2);
    assertThat(cut.snapshotId()).contains(2L);
    assertThat(job.leases).containsExactlyInAnyOrder("2-0", "2-1", "2-2");
  }

  @Test
  void viewThatLeavesBlocksToTheTableWaitsUntilTheyAreThere() {
    job.end(0, 4, 4);
    job.afterPins = () -> job.sequences[0] = job.pins == 2 ? 4 : 3;
    assertThat(strict().gaps()).isEmpty();
    assertThat(job.pins).isEqualTo(2);
  }

  @Test
  void completedBatchIsTheOneThatWasLoadedWithTheSnapshot() {
    job.completed = 20_776;
    onlyOnce(
        () -> {
          job.completed = 20_777;
          job.snapshotId = 2;
        });
    Cut cut = strict();
    assertThat(cut.snapshotId()).contains(2L);
    assertThat(cut.completed()).isEqualTo(20_777);
    assertThat(cut.token().completed()).isEqualTo(20_777);
    assertThat(job.pins).isEqualTo(1);
  }

  @Test
  void restartBetweenPinAndSnapshotIsTakenAnew() {
    onlyOnce(() -> job.tableGeneration = "g2");
    // The second attempt reads g2 from the table, which has no announcements.
    assertThatThrownBy(this::strict).hasMessageContaining("no live view of generation g2");
    assertThat(job.leases).isEmpty();
  }

  @Test
  void viewOfAnotherGenerationIsRefused() {
    job.viewGeneration = "g0";
    assertThatThrownBy(this::strict).hasMessageContaining("answered for generation g0");
  }

  @Test
  void keyGroupsThatNobodyAnnouncesAreNamed() {
    job.announced.remove(1);
    assertThatThrownBy(this::strict)
        .hasMessageContaining("key groups 1: no live view of generation g1 is announced")
        .hasMessageContaining("'read' = 'committed'")
        .hasMessageContaining("'completeness' = 'available'")
        .hasMessageContaining("Start the job");
    assertThat(job.leases).isEmpty();
    assertThat(job.pins).isEqualTo(3);
  }

  @Test
  void keyGroupsThatTwoAnnounceAreRefused() {
    List<ShardEnd> twice = List.of(new ShardEnd(1, 0, 0), new ShardEnd(2, 0, 0));
    job.announced.set(1, FakeJob.announcement(1, twice));
    assertThatThrownBy(this::strict)
        .hasMessageContaining("not the only one to announce key groups 2");
  }

  @Test
  void viewOfOtherKeyGroupsThanAnnouncedIsRefused() {
    job.ends.put(1, new ShardEnd(0, 0, 0));
    assertThatThrownBy(this::strict).hasMessageContaining("answered for key groups 0 instead");
  }

  @Test
  void subtaskThatDoesNotAnswerIsNamedWithItsReason() {
    job.refusing.put(2, "subtask 2 refused");
    assertThatThrownBy(this::strict)
        .isInstanceOf(IncompleteReadException.class)
        .hasMessageContaining("key groups 2: subtask 2 refused");
    assertThat(job.leases).isEmpty();
  }

  @Test
  void subtaskThatAnswersAgainInTimeIsWaitedFor() {
    job.refusing.put(2, "subtask 2 refused");
    job.afterPins = job.refusing::clear;
    assertThat(strict().views()).hasSize(3);
    assertThat(job.leases).hasSize(3);
  }

  @Test
  void availableAnswersWithWhatThereIsAndSaysSo() {
    job.refusing.put(2, "subtask 2 refused");
    Cut cut = take(Completeness.AVAILABLE);
    assertThat(cut.views()).hasSize(2);
    assertThat(cut.shardsMissing()).isEqualTo(1);
    assertThat(cut.token().gaps()).hasSize(1);
    assertThat(job.leases).containsExactlyInAnyOrder("3-0", "3-1");
  }

  @Test
  void availableLeavesOutAViewThatDoesNotFitTheSnapshot() {
    job.sequences[0] = 1;
    Cut cut = take(Completeness.AVAILABLE);
    assertThat(cut.views()).extracting(view -> view.subtask().subtask()).containsExactly(1, 2);
    assertThat(job.leases).hasSize(2);
  }

  @Test
  void catchingUpIsSaidWithPartitionAndOffsets() {
    job.behind.put(0, List.of(new Behind(3, 17, 40)));
    assertThatThrownBy(this::strict)
        .hasMessageContaining("catching up: partition 3 read to offset 17, served to 40 before");
    attempts = 1;
    Cut cut = take(Completeness.AVAILABLE);
    assertThat(cut.views()).hasSize(3);
    assertThat(cut.gaps()).hasSize(1);
  }

  @Test
  void drainedSubtaskNeedsNoPinButTheTableMustHoldAllOfIt() {
    job.drain(0, 5);
    job.sequences[0] = 5;
    Cut cut = strict();
    assertThat(cut.views()).hasSize(2);
    assertThat(cut.gaps()).isEmpty();
    for (long inTable : List.of(4L, 6L)) {
      job.sequences[0] = inTable;
      attempts = 2;
      assertThatThrownBy(this::strict)
          .hasMessageContaining(
              "drained with key group 0 sealed up to 5; the table has it up to " + inTable);
    }
  }

  @Test
  void fileThatIsHalfInTheTableIsNeverRead() {
    job.announced.set(0, FakeJob.announcement(0, List.of(new ShardEnd(0, 0, 0))));
    job.sealed.put(0, List.of(FakeJob.file("half", "0:1", "1:1")));
    job.end(0, 0, 1);
    job.end(1, 0, 1);
    job.sequences[1] = 1;
    assertThatThrownBy(this::strict)
        .hasMessageContaining("named half with 2 blocks, of which the table has 1");
  }

  @Test
  void tableOfNoJobSaysWhatToDo() {
    LiveAccess access = new LiveAccess(Completeness.STRICT, "", Duration.ZERO);
    Cut noJob = Cut.committed(null, BatchNumbers.NONE);
    assertThatThrownBy(() -> new CutProtocol("/w", 3, () -> noJob, job, access, () -> false).take())
        .hasMessageContaining("the table has no snapshot of a running job")
        .hasMessageContaining("'read' = 'committed'");
  }

  @Test
  void tokenSaysWhatWasReadAndComesBack() {
    ReadToken token = strict().token();
    assertThat(ReadToken.parse(token.text())).isEqualTo(token);
    assertThat(token.snapshot()).isEqualTo(1L);
    assertThat(token.views()).hasSize(3);
    assertThat(token.views().get(1).shards()).isEqualTo("1:0/0");
  }

  @Test
  void keyGroupsAreWrittenAsRanges() {
    assertThat(KeyGroups.text(List.of(7, 0, 2, 1, 9))).isEqualTo("0-2, 7, 9");
    assertThat(KeyGroups.text(List.of())).isEqualTo("none");
  }
}
