package io.nova.job.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.BatchRequest;
import io.nova.job.JobWarehouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch is a day, and closes by itself an hour after its end. The topic has two partitions. */
class HandoffOperatorTest {
  private static final long DAY = 20514;

  @TempDir Path folder;
  private JobWarehouse warehouse;
  private final FakeBatchTopic topic = new FakeBatchTopic();

  @BeforeEach
  void tableIsBorn() {
    warehouse = new JobWarehouse(folder);
  }

  private HandoffHarness start(OperatorSubtaskState from) throws Exception {
    return new HandoffHarness(warehouse, topic, from);
  }

  private static void readAll(HandoffHarness job, String time) throws Exception {
    job.read(0, time);
    job.read(1, time);
  }

  private static BatchRequest close(long batch) {
    return BatchRequest.close(batch, false, List.of(), "alice", 1);
  }

  private static BatchRequest forced(long batch) {
    return BatchRequest.close(batch, true, List.of(), "alice", 1);
  }

  private static String detail(HandoffHarness job, String request) {
    return job.answers().stream()
        .filter(answer -> request.equals(answer.request()))
        .map(answer -> answer.state() + ": " + answer.detail())
        .findFirst()
        .orElse("");
  }

  private static String closeBy(String by) {
    return "close 20514 by " + by;
  }

  @Test
  void aBatchClosesByItselfAfterTheDelay() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      readAll(job, "2026-03-03T00:59");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();

      readAll(job, "2026-03-03T01:00");
      job.checkpoint();
      assertThat(job.orders()).containsExactly(closeBy("nova"));
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void aRefusalNamesThePartitionAndGoesOutWhenItsCheckpointIsComplete() throws Exception {
    try (HandoffHarness job = start(null)) {
      job.read(0, "2026-03-03T00:30");
      job.read(1, "2026-03-02T10:00");
      topic.ask("r1", close(DAY));
      job.begin();
      assertThat(job.answers()).isEmpty();

      job.complete();
      assertThat(detail(job, "r1"))
          .startsWith("REFUSED: Batch 20514 is not closed")
          .contains("partition 1 is at 2026-03-02T10:00:00Z");
      assertThat(job.orders()).isEmpty();
      job.checkpoint();
      assertThat(job.answers()).hasSize(1);
    }
  }

  @Test
  void aRequestedCloseIsOrderedOnceAllPartitionsArePastTheEnd() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:00");
      topic.ask("r1", close(DAY));
      job.checkpoint();

      assertThat(job.orders()).containsExactly(closeBy("alice"));
      assertThat(job.answers()).isEmpty();
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void aRecordThatIsReadAgainChangesNothing() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:30");
      topic.ask("r1", close(DAY));
      topic.ask("r2", BatchRequest.expire("alice", 1));
      topic.answer(BatchAnswer.closed(null, DAY, "u", Map.of(), 1));
      topic.answer(BatchAnswer.done("r2", BatchAnswer.State.EXPIRED, null, "", 1));
      job.checkpoint();
      assertThat(job.orders()).isNotEmpty();

      topic.deliverAgain();
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void twoRequestsInOneCheckpointAreJudgedInTheirOrder() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:30");
      topic.ask("r1", close(DAY));
      topic.ask("r2", close(DAY + 1));
      topic.ask("r3", close(DAY));
      job.checkpoint();

      assertThat(job.orders()).containsExactly(closeBy("alice"));
      assertThat(detail(job, "r2")).contains("Batch 20515 is not closed");
    }
  }

  @Test
  void closingTheNextBatchFirstClosesBoth() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-04T00:30");
      topic.ask("r1", close(DAY + 1));
      topic.ask("r2", close(DAY));
      job.checkpoint();

      assertThat(job.orders()).containsExactly("close 20515 by alice");
      assertThat(job.answers()).isEmpty();
    }
  }

  @Test
  void theBatchOfTodayClosesOnlyByForceAndTheNextOneNotAtAll() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      topic.ask("r1", close(DAY));
      topic.ask("r2", forced(DAY + 1));
      topic.ask("r3", forced(DAY));
      job.checkpoint();

      assertThat(job.orders()).containsExactly(closeBy("alice"));
      assertThat(detail(job, "r1")).startsWith("REFUSED");
      assertThat(detail(job, "r2")).contains("no partition has reached it");
    }
  }

  @Test
  void aSilentPartitionHoldsTheCloseUntilItIsKnownToBeEmpty() throws Exception {
    try (HandoffHarness job = start(null)) {
      job.read(0, "2026-03-02T10:00");
      job.read(0, "2026-03-04T10:00");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();

      topic.empty(1);
      job.checkpoint();
      assertThat(job.orders()).containsExactly("close 20515 by nova");
    }
  }

  @Test
  void aCloseMayLeaveASilentPartitionOut() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      job.read(0, "2026-03-04T10:00");
      topic.ask("r1", BatchRequest.close(DAY, false, List.of(1), "alice", 1));
      job.checkpoint();
      assertThat(job.orders()).containsExactly(closeBy("alice"));

      topic.ask("r2", close(DAY + 1));
      job.checkpoint();
      assertThat(detail(job, "r2")).contains("partition 1");
    }
  }

  @Test
  void aRetiredPartitionHoldsNothingUntilItsNextRecord() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      job.read(0, "2026-03-03T10:00");
      topic.ask("r1", BatchRequest.retire(1, "alice", 1));
      topic.ask("r2", BatchRequest.retire(7, "alice", 1));
      job.checkpoint();

      assertThat(job.orders()).containsExactly(closeBy("nova"));
      assertThat(job.answers().get(0).offsets()).isEqualTo(Map.of(1, 1L));
      assertThat(detail(job, "r1")).startsWith("RETIRED").contains("up to offset 1");
      assertThat(detail(job, "r2")).startsWith("REFUSED").contains("no partition 7");

      job.read(1, "2026-03-02T10:01");
      job.read(0, "2026-03-04T10:00");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void aReplayedRetirementBeginsAtItsOffset() throws Exception {
    OperatorSubtaskState before;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      before = job.checkpoint();
      topic.ask("r1", BatchRequest.retire(1, "alice", 1));
      job.readTo(1, "2026-03-02T11:00", 9);
      job.checkpoint();
      topic.answer(job.answers().get(0));
    }
    try (HandoffHarness job = start(before)) {
      job.read(0, "2026-03-03T10:00");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();

      job.readTo(1, "2026-03-02T11:00", 9);
      job.checkpoint();
      assertThat(job.orders()).containsExactly(closeBy("nova"));
      assertThat(job.answers()).isEmpty();
    }
  }

  @Test
  void theClosedNumberIsSentAgainAfterARestore() throws Exception {
    OperatorSubtaskState closed;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:30");
      topic.ask("r1", close(DAY));
      closed = job.checkpoint();
      topic.answer(BatchAnswer.closed(null, DAY, "u", Map.of(0, 1L, 1, 1L), 1));
    }
    try (HandoffHarness job = start(closed)) {
      assertThat(job.orders()).containsExactly(closeBy("alice"));
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void aReplayedCloseWaitsForTheOffsetsOfItsAnswer() throws Exception {
    OperatorSubtaskState before;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      before = job.checkpoint();
      topic.ask("r1", forced(DAY));
      job.readTo(0, "2026-03-02T12:00", 41);
      job.checkpoint();
      topic.answer(BatchAnswer.closed(null, DAY, "u", Map.of(0, 42L, 1, 1L), 1));
    }
    OperatorSubtaskState waits;
    try (HandoffHarness job = start(before)) {
      job.readTo(0, "2026-03-02T11:59", 40);
      waits = job.checkpoint();
      assertThat(job.orders()).isEmpty();
    }
    try (HandoffHarness job = start(waits)) {
      job.readTo(0, "2026-03-02T12:00", 41);
      job.checkpoint();
      assertThat(job.orders()).containsExactly(closeBy("alice"));
      assertThat(job.answers()).isEmpty();
    }
  }

  @Test
  void aReplayedRequestForAClosedBatchIsNotRefused() throws Exception {
    OperatorSubtaskState before;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      before = job.checkpoint();
    }
    topic.answer(BatchAnswer.closed(null, DAY + 1, "u", Map.of(0, 42L), 1));
    topic.ask("r1", close(DAY));
    try (HandoffHarness job = start(before)) {
      job.checkpoint();
      assertThat(job.answers()).isEmpty();
      assertThat(job.orders()).isEmpty();

      job.readTo(0, "2026-03-02T12:00", 41);
      job.checkpoint();
      assertThat(job.orders()).containsExactly("close 20515 by nova");
    }
  }

  @Test
  void aReplayedRefusalStands() throws Exception {
    OperatorSubtaskState before;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      before = job.checkpoint();
      topic.ask("r1", close(DAY));
      job.checkpoint();
      topic.answer(job.answers().get(0));
    }
    try (HandoffHarness job = start(before)) {
      readAll(job, "2026-03-03T00:30");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
      assertThat(job.answers()).isEmpty();
    }
  }

  @Test
  void nothingIsDecidedBeforeTheTopicIsReadUpToItsEnd() throws Exception {
    topic.catchesUp(false);
    topic.ask("r1", close(DAY));
    topic.ask("r2", BatchRequest.withdraw(DAY, "alice", 1));
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      readAll(job, "2026-03-03T00:30");
      job.checkpoint();
      assertThat(job.orders()).isEmpty();
      assertThat(job.answers()).isEmpty();

      topic.answer(BatchAnswer.refused("r1", DAY, "no", 1));
      topic.reachEnd();
      job.checkpoint();
      assertThat(job.orders()).containsExactly("WITHDRAW r2 at id-1:1");
    }
  }

  @Test
  void aRefusalThatWasNotSentIsSentAfterARestore() throws Exception {
    OperatorSubtaskState unsent;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-02T10:00");
      topic.ask("r1", close(DAY));
      unsent = job.begin();
    }
    try (HandoffHarness job = start(unsent)) {
      readAll(job, "2026-03-03T00:30");
      job.checkpoint();
      assertThat(detail(job, "r1")).startsWith("REFUSED");
      assertThat(job.orders()).isEmpty();
    }
  }

  @Test
  void requestsForTheTableGoOnAtOnceWithTheirPlace() throws Exception {
    OperatorSubtaskState taken;
    try (HandoffHarness job = start(null)) {
      topic.ask("r1", BatchRequest.complete(DAY, "u", null, "alice", 1));
      topic.ask("r2", BatchRequest.expire("alice", 1));
      assertThat(job.orders()).containsExactly("COMPLETE r1 at id-1:0", "EXPIRE r2 at id-1:1");
      taken = job.checkpoint();
    }
    topic.answer(BatchAnswer.done("r1", BatchAnswer.State.COMPLETED, DAY, "", 1));
    try (HandoffHarness job = start(taken)) {
      assertThat(job.orders()).containsExactly("EXPIRE r2 at id-1:1");
    }
  }

  @Test
  void whatIsNoRequestIsRefusedAndStopsNothing() throws Exception {
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:30");
      topic.append("p1", BatchRecord.REQUEST, "{\"version\":7}".getBytes(StandardCharsets.UTF_8));
      topic.append("p2", BatchRecord.REQUEST, new byte[0]);
      topic.append("p3", null, close(DAY).write());
      topic.append(null, BatchRecord.REQUEST, new byte[] {1});
      topic.append("p4", BatchRecord.ANSWER, new byte[] {1});
      topic.append(
          "p5",
          BatchRecord.REQUEST,
          "{\"version\":1,\"kind\":\"CLOSE\",\"leaveOut\":[],\"by\":\"a\",\"force\":false,\"atMs\":1}"
              .getBytes(StandardCharsets.UTF_8));
      topic.ask("p6", close(Long.MIN_VALUE));
      topic.ask("p7", forced(Long.MAX_VALUE));
      topic.ask("r1", close(DAY));
      OperatorSubtaskState after = job.checkpoint();

      assertThat(detail(job, "p1")).startsWith("REFUSED: Offset 0: ").contains("version");
      assertThat(detail(job, "p2")).startsWith("REFUSED: Offset 1: ");
      assertThat(detail(job, "p3")).contains("header kind: found null");
      assertThat(detail(job, "p5")).contains("batch is missing");
      assertThat(detail(job, "p6")).contains("expected 0 or more");
      assertThat(detail(job, "p7")).contains("no partition has reached it");
      assertThat(job.orders()).containsExactly(closeBy("alice"));
      job.close();
      try (HandoffHarness restored = start(after)) {
        restored.checkpoint();
        assertThat(restored.orders()).contains(closeBy("alice"));
      }
    }
  }

  @Test
  void aRequestThatWasSentTwiceGoesOnOnce() throws Exception {
    try (HandoffHarness job = start(null)) {
      topic.ask("r1", BatchRequest.expire("alice", 1));
      topic.ask("r1", BatchRequest.expire("alice", 1));

      assertThat(job.orders()).containsExactly("EXPIRE r1 at id-1:0");
    }
  }

  @Test
  void aTopicThatWasMadeAgainEndsTheJobUnlessItIsAccepted() throws Exception {
    OperatorSubtaskState taken;
    try (HandoffHarness job = start(null)) {
      readAll(job, "2026-03-03T00:30");
      topic.ask("r1", close(DAY));
      topic.answer(BatchAnswer.closed(null, DAY, "u", Map.of(), 1));
      taken = job.checkpoint();
    }
    topic.createAgain("id-2");
    topic.ask("r2", BatchRequest.withdraw(DAY, "alice", 1));

    assertThatThrownBy(() -> start(taken))
        .hasMessageContaining("Topic batches: found id id-2, expected id-1")
        .hasMessageContaining("--nova.batches.accept-topic id-2");
    OperatorSubtaskState accepted;
    try (HandoffHarness job =
        new HandoffHarness(warehouse.settingsThatAccept("id-2"), topic, taken)) {
      assertThat(job.orders()).contains("WITHDRAW r2 at id-2:0");
      accepted = job.checkpoint();
    }
    try (HandoffHarness job = start(accepted)) {
      assertThat(job.orders()).contains("WITHDRAW r2 at id-2:0");
    }
  }

  @Test
  void theTopicThatTheTableKnowsMustBeTheSame() {
    handoffOfTheTable("\"completed\":20510,\"topicId\":\"id-0\",\"position\":3");

    assertThatThrownBy(() -> start(null)).hasMessageContaining("found id id-1, expected id-0");
  }

  private void handoffOfTheTable(String fields) {
    warehouse
        .table
        .iceberg()
        .updateProperties()
        .set(
            "nova.handoff", "{\"version\":1,\"deleted\":20500,\"batches\":[],%s}".formatted(fields))
        .commit();
  }
}
