package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Duplicate;
import io.nova.shard.ConflictRule;
import io.nova.shard.CopyKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir private Path folder;
  private NovaSettings settings;

  @BeforeEach
  void tableIsBorn() {
    settings = new JobWarehouse(folder, 64 << 20, true).settings;
  }

  private static JobEvents first() {
    return JobEvents.at("10:02").from(1, 17);
  }

  private static void mustName(Duplicate duplicate, CopyKind kind, long offset) {
    assertThat(duplicate.kind).isEqualTo(kind);
    assertThat(duplicate.identity)
        .isEqualTo("{\"app\":1,\"device_id\":\"d1\",\"insert_id\":\"i1\"}");
    assertThat(List.of(duplicate.partition, duplicate.offset)).isEqualTo(List.of(2, offset));
    assertThat(duplicate.gapBlocks).isEqualTo(1);
  }

  @Test
  void everyDroppedCopyIsNamedAndComparedWithItsFirstWhetherThatIsOpenSealedOrRestored()
      throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      blocks.offer(JobEvents.at("10:06").from(2, 1));
      blocks.offer(JobEvents.at("10:06").from(2, 2).saying("{}"));
      blocks.watermark("12:00");
      blocks.offer(JobEvents.at("10:06").from(2, 3));
      savepoint = blocks.snapshot();
      blocks.pass(Ledger.LONGEST_WAIT);

      assertThat(blocks.duplicates()).hasSize(3);
      mustName(blocks.duplicates().get(0), CopyKind.NATURAL, 1);
      mustName(blocks.duplicates().get(1), CopyKind.CONFLICTING, 2);
      mustName(blocks.duplicates().get(2), CopyKind.NATURAL, 3);
    }
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, savepoint)) {
      blocks.offer(JobEvents.at("10:06").from(2, 4).saying("{}"));
      blocks.pass(Ledger.LONGEST_WAIT);

      mustName(blocks.duplicates().get(0), CopyKind.CONFLICTING, 4);
    }
  }

  @Test
  void aRestoredRowSaysWhichPayloadItHas() throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, savepoint)) {
      blocks.offer(JobEvents.at("10:06").from(2, 1));
      blocks.offer(JobEvents.at("10:06").from(2, 2).saying("{}"));
      blocks.pass(Ledger.LONGEST_WAIT);

      mustName(blocks.duplicates().get(0), CopyKind.NATURAL, 1);
      mustName(blocks.duplicates().get(1), CopyKind.CONFLICTING, 2);
    }
  }

  @Test
  void anIdentityByAPolicyIsNamedByItsColumns() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first().identifiedBy("event_type", "device_id"));
      blocks.offer(JobEvents.at("10:03").id("other").identifiedBy("event_type", "device_id"));
      blocks.pass(Ledger.LONGEST_WAIT);

      assertThat(blocks.duplicates().get(0).identity)
          .isEqualTo("{\"app\":1,\"device_id\":\"d1\",\"event_type\":\"open\"}");
    }
  }

  @Test
  void theIdentityOfAMessageThatIsNotJsonIsNamedToo() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      blocks.offer(JobEvents.at("10:06").from(2, 1).encoded());
      blocks.offer(first().identifiedBy("event_time", "device_id"));
      blocks.offer(first().identifiedBy("event_time", "device_id").encoded());
      blocks.pass(Ledger.LONGEST_WAIT);

      mustName(blocks.duplicates().get(0), CopyKind.NATURAL, 1);
      assertThat(blocks.duplicates().get(1).identity)
          .isEqualTo("{\"app\":1,\"device_id\":\"d1\",\"event_time\":\"1795168920000000\"}");
    }
  }

  @Test
  void whereTheFirstIsNotTrackedTheKindIsUnknown() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first().untracked());
      blocks.offer(JobEvents.at("10:06").from(2, 1));
      blocks.pass(Ledger.LONGEST_WAIT);

      assertThat(blocks.duplicates().get(0).kind).isEqualTo(CopyKind.UNKNOWN);
    }
  }

  @Test
  void aConflictingCopyIsRejectedOrKeptBesideAsItsPolicySays() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      blocks.offer(first().saying("{}").under(ConflictRule.REJECT));
      blocks.offer(first().saying("{}").under(ConflictRule.KEEP_BOTH));
      blocks.offer(first().saying("{}").under(ConflictRule.REJECT));

      assertThat(blocks.rejections()).containsExactly(RejectReason.CONFLICTING);
      assertThat(blocks.tally().total().admitted).isEqualTo(2);
      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
      assertThat(blocks.tally().total().rejectedInAll()).isEqualTo(1);
    }
  }

  @Test
  void aCopyWaitsForOthersForASecond() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      for (int second = 0; second < 3; second++) {
        blocks.offer(JobEvents.at("10:06").from(2, second));
        blocks.pass(Ledger.LONGEST_WAIT.minusMillis(1));
        blocks.offer(JobEvents.at("10:03").from(3, second));
        assertThat(blocks.duplicates()).hasSize(2 * second);

        blocks.pass(Duration.ofMillis(1));
        assertThat(blocks.duplicates()).hasSize(2 * second + 2);
      }
    }
  }

  @Test
  void manyCopiesOrLargeOnesWaitForNothing() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      for (int copy = 1; copy < Ledger.MOST_WAITING; copy++) {
        blocks.offer(JobEvents.at("10:06").from(2, copy));
        assertThat(blocks.duplicates()).isEmpty();
      }
      blocks.offer(JobEvents.at("10:06").from(2, 0));
      assertThat(blocks.duplicates()).hasSize(Ledger.MOST_WAITING);

      String large = "{\"k\":\"" + "v".repeat(Ledger.MOST_WAITING_BYTES) + "\"}";
      blocks.offer(JobEvents.at("10:03").from(3, 0).saying(large));
      assertThat(blocks.duplicates()).hasSize(Ledger.MOST_WAITING + 1);
    }
  }

  @Test
  void copiesThatWaitAreWrittenBeforeACheckpointAndAtADrain() throws Exception {
    try (BlockHarness blocks = new BlockHarness(settings, 1, 0, null)) {
      blocks.offer(first());
      blocks.offer(JobEvents.at("10:06").from(2, 1));
      blocks.barrierComes(1);
      assertThat(blocks.duplicates()).hasSize(1);

      blocks.offer(JobEvents.at("10:06").from(2, 2));
      blocks.drain();
      assertThat(blocks.duplicates()).hasSize(2);
    }
  }

  @Test
  void withoutTheLedgerNothingIsWrittenDown() throws Exception {
    NovaSettings quiet = new JobWarehouse(folder.resolve("quiet")).settings;
    try (BlockHarness blocks = new BlockHarness(quiet, 1, 0, null)) {
      blocks.offer(first());
      blocks.offer(first());
      blocks.pass(Ledger.LONGEST_WAIT);

      assertThat(blocks.duplicates()).isEmpty();
      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
    }
  }
}
