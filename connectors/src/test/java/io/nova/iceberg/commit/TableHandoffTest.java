package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.iceberg.commit.HandoffResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches complete, are withdrawn and leave, against a real table. */
class TableHandoffTest {
  private static final long DAY = HandoffTable.DAY;
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration RETENTION = Duration.ofDays(7);

  @TempDir private Path folder;
  private HandoffTable events;
  private long offset;

  @BeforeEach
  void begin() {
    events = new HandoffTable(folder.toString());
  }

  private RequestPosition next() {
    return new RequestPosition("topic", offset++);
  }

  private HandoffResult complete(long batch, String link) {
    return complete(batch, link, null);
  }

  private HandoffResult complete(long batch, String link, @Nullable AuditFigures audit) {
    return events.handoff().complete(batch, link, audit, next(), "layer", NOON);
  }

  private HandoffResult withdraw(long batch) {
    return events.handoff().withdraw(batch, next(), "ops", NOON);
  }

  private void isDone(HandoffResult result) {
    assertThat(result.outcome()).as(result.detail()).isEqualTo(Outcome.DONE);
  }

  private void isRefused(HandoffResult result, String... why) {
    assertThat(result.outcome()).as(result.detail()).isEqualTo(Outcome.REFUSED);
    assertThat(result.detail()).contains(why);
  }

  private long completed() {
    return events.properties().completed();
  }

  private Batch entry(long batch) {
    return events.properties().batch(batch).orElseThrow();
  }

  @Test
  void closedBatchCompletes() {
    Link link = events.closeWith(DAY, "a");

    isDone(complete(DAY, link.uuid()));

    assertThat(completed()).isEqualTo(DAY);
    assertThat(entry(DAY).completedAtMs()).isEqualTo(NOON.toEpochMilli());
    assertThat(entry(DAY).completedBy()).isEqualTo("layer");
    assertThat(events.properties().topicId()).isEqualTo("topic");
    assertThat(events.properties().position()).isZero();
    assertThat(events.head().summary()).containsEntry("nova.step", "HANDOFF");
    assertThat(events.warehouse.ids()).containsExactly("a");
  }

  @Test
  void batchThatIsNotClosedDoesNotComplete() {
    events.addMerged(DAY, "a");
    events.commit();
    isRefused(complete(DAY, "link"), "Batch 20777 is not closed");
    Link link = events.close(DAY);
    isRefused(complete(DAY + 1, link.uuid()), "Batch 20778 is not closed");

    assertThat(completed()).isEqualTo(BatchNumbers.NONE);
    assertThat(events.properties().position()).as("a refused request moves it too").isEqualTo(1);
  }

  @Test
  void batchesCompleteInOrderAndNameTheirLink() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");

    isRefused(complete(DAY + 1, second.uuid()), "batch 20777", "first", first.uuid());
    isRefused(complete(DAY, second.uuid()), "closed by link " + first.uuid());
    isDone(complete(DAY, first.uuid()));
    isDone(complete(DAY + 1, second.uuid()));
    assertThat(completed()).isEqualTo(DAY + 1);
  }

  @Test
  void completingAgainIsDoneForTheSameLinkOnly() {
    Link link = events.closeWith(DAY, "a");
    complete(DAY, link.uuid());
    Batch entry = entry(DAY);

    isDone(complete(DAY, link.uuid()));
    isRefused(complete(DAY, "other"), "completed already, with link " + link.uuid());
    assertThat(entry(DAY)).isEqualTo(entry);
  }

  @Test
  void batchWithoutEventsBeforeTheFirstCloseHasNothingToComplete() {
    events.addMerged(DAY, "a");
    events.closeWith(DAY + 2, "c");

    isRefused(complete(DAY + 1, "any"), "had no events when batch 20779 was closed");
  }

  @Test
  void auditMustAgreeWithTheTag() {
    Link link = events.closeWith(DAY, "a");

    isRefused(
        complete(DAY, link.uuid(), new AuditFigures(2, "d")),
        "the batch layer has 2 rows",
        "the tag batch-20777 has 1 rows");
    isRefused(complete(DAY, link.uuid(), new AuditFigures(1, "d")), "1 rows with digest d");
    isDone(complete(DAY, link.uuid(), link.audit().get(DAY)));
  }

  @Test
  void completionByForceKeepsOrderAndLinkAndIsRecorded() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");

    isRefused(forceComplete(DAY + 1, second.uuid()), "comes after batch 20777");
    isRefused(forceComplete(DAY, second.uuid()), "closed by link " + first.uuid());
    isDone(forceComplete(DAY, first.uuid()));

    assertThat(entry(DAY).forced()).isTrue();
    assertThat(entry(DAY).completedBy()).isEqualTo("ops");
    assertThat(entry(DAY).completedAtMs()).isEqualTo(NOON.toEpochMilli());
    isDone(withdraw(DAY));
    isDone(complete(DAY, first.uuid()));
    assertThat(entry(DAY).forced()).as("the batch layer has loaded it since").isFalse();
  }

  private HandoffResult forceComplete(long batch, String link) {
    return events.handoff().forceComplete(batch, link, next(), "ops", NOON);
  }

  @Test
  void lastCompletionIsWithdrawn() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");
    complete(DAY, first.uuid());
    complete(DAY + 1, second.uuid());

    isRefused(withdraw(DAY), "not the last completed batch: that is 20778");
    isDone(withdraw(DAY + 1));
    assertThat(completed()).isEqualTo(DAY);
    assertThat(entry(DAY + 1).withdrawnBy()).isEqualTo("ops");
    isDone(withdraw(DAY + 1));
    isDone(withdraw(DAY));
    assertThat(completed()).isEqualTo(BatchNumbers.NONE);
    assertThat(events.closedInHead()).as("a withdrawn batch stays closed").hasSize(2);
    isDone(complete(DAY, first.uuid()));
    assertThat(completed()).isEqualTo(DAY);
  }

  @Test
  void batchThatIsNotCompletedIsNotWithdrawn() {
    events.closeWith(DAY, "a");

    isRefused(withdraw(DAY), "is not completed");
    isRefused(withdraw(DAY + 1), "is not completed");
  }

  @Test
  void requestIsAppliedOnce() {
    Link link = events.closeWith(DAY, "a");
    RequestPosition asked = next();
    TableHandoff handoff = events.handoff();
    isDone(handoff.complete(DAY, link.uuid(), null, asked, "layer", NOON));
    Snapshot head = events.head();

    isDone(handoff.complete(DAY, link.uuid(), null, asked, "layer", NOON));
    assertThat(events.head()).isEqualTo(head);
    withdraw(DAY);
    head = events.head();
    isRefused(
        handoff.complete(DAY, link.uuid(), null, asked, "layer", NOON),
        "was decided before",
        "not completed");
    assertThat(events.head()).isEqualTo(head);
    assertThat(completed()).isEqualTo(BatchNumbers.NONE);
  }

  @Test
  void positionMovesForRequestsThatOthersDealWith() {
    events.handoff().pass(new RequestPosition("topic", 5));
    assertThat(events.properties().position()).isEqualTo(5);
    Snapshot head = events.head();
    events.handoff().pass(new RequestPosition("topic", 4));

    assertThat(events.head()).isEqualTo(head);
  }

  @Test
  void jobWithoutStateMayStillBeginAfterARefusedRequest() {
    isRefused(complete(DAY, "link"), "is not closed");
    CommitChain.begin(events.warehouse.open(), UUID.randomUUID().toString());

    assertThat(events.properties().position()).isZero();
  }

  @Test
  void anotherTopicMustBeAccepted() {
    complete(DAY, "link");
    complete(DAY, "link");
    TableHandoff handoff = events.handoff();

    assertThatIllegalStateException()
        .isThrownBy(() -> handoff.pass(new RequestPosition("other", 9)))
        .withMessageContaining("Topic batches has id other")
        .withMessageContaining("id topic, at offset 1")
        .withMessageContaining("nova.batches.accept-topic");
    assertThatIllegalStateException().isThrownBy(() -> handoff.useTopic("other", false));
    handoff.useTopic("topic", false);
    assertThat(events.properties().position()).isEqualTo(1);
    handoff.useTopic("other", true);
    assertThat(events.properties().position()).isEqualTo(-1);
    handoff.pass(new RequestPosition("other", 0));
    assertThat(events.properties().position()).isZero();
  }

  @Test
  void filesLeaveAfterTheGracePeriodInOrder() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");
    events.add(DAY + 2, "c");
    events.commit();
    complete(DAY, first.uuid());
    events.handoff().complete(DAY + 1, second.uuid(), null, next(), "l", NOON.plusSeconds(1));

    assertThat(events.handoff().remove(NOON.plus(GRACE).minusMillis(1), GRACE)).isFalse();
    assertThat(events.warehouse.ids()).containsExactly("a", "b", "c");
    assertThat(events.handoff().remove(NOON.plus(GRACE), GRACE)).isTrue();
    assertThat(events.warehouse.ids()).containsExactly("b", "c");
    assertThat(events.properties().deleted()).isEqualTo(DAY);
    assertThat(entry(DAY).removedAtMs()).isEqualTo(NOON.plus(GRACE).toEpochMilli());
    assertThat(events.handoff().remove(NOON.plus(GRACE), GRACE)).isFalse();
    assertThat(events.tagged(DAY)).as("the tag stays").containsExactly("a");
    isRefused(withdraw(DAY + 7), "not completed");
    isDone(withdraw(DAY + 1));
    assertThat(completed()).isEqualTo(DAY);
    isRefused(withdraw(DAY), "removed from the table");
  }

  @Test
  void linksGoOnAfterARemovalAndForgetTheBatch() {
    Link first = events.closeWith(DAY, "a");
    complete(DAY, first.uuid());
    events.handoff().remove(NOON.plus(GRACE), GRACE);

    Link second = events.closeWith(DAY + 1, "b");
    assertThat(events.warehouse.ids()).containsExactly("b");
    assertThat(events.closedInHead()).containsExactly(new ClosedBatch(DAY + 1, second.uuid()));
    isDone(complete(DAY + 1, second.uuid()));
  }

  @Test
  void filesOfARemovedBatchThatARestoreBringsBackAreRemovedAgain() {
    Link first = events.closeWith(DAY, "a");
    events.add(DAY + 1, "b");
    Link next = events.draw();
    CommitterState state = events.state(next);
    events.chain.apply(next);
    complete(DAY, first.uuid());
    events.add(DAY + 1, "c");
    events.commit();
    events.handoff().remove(NOON.plus(GRACE), GRACE);
    events.restore(state);
    assertThat(events.warehouse.ids()).containsExactly("a", "b");

    assertThat(events.handoff().remove(NOON.plus(GRACE), GRACE)).isTrue();
    assertThat(events.warehouse.ids()).containsExactly("b");
    assertThat(events.properties().deleted()).isEqualTo(DAY);
  }

  @Test
  void tagLeavesWhenTheRetentionHasPassedSinceTheRemoval() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");
    complete(DAY, first.uuid());
    complete(DAY + 1, second.uuid());
    Instant removal = NOON.plus(GRACE);
    events.handoff().remove(removal, GRACE);
    long side = events.tag(DAY).snapshotId();

    assertThat(events.handoff().dropTags(removal.plus(RETENTION).minusMillis(1), RETENTION))
        .isFalse();
    assertThat(events.tags()).containsExactly(DAY, DAY + 1);
    assertThat(events.handoff().dropTags(removal.plus(RETENTION), RETENTION)).isTrue();
    assertThat(events.tags()).isEmpty();
    assertThat(events.properties().batches()).isEmpty();
    assertThat(completed()).isEqualTo(DAY + 1);
    events.table().expireSnapshots().expireSnapshotId(side).commit();
    assertThat(events.table().snapshot(side)).isNull();
    assertThat(events.handoff().dropTags(removal.plus(RETENTION), RETENTION)).isFalse();
  }

  @Test
  void tagOfABatchThatIsNotRemovedStays() {
    Link first = events.closeWith(DAY, "a");
    complete(DAY, first.uuid());

    assertThat(events.handoff().dropTags(NOON.plus(Duration.ofDays(99)), RETENTION)).isFalse();
    assertThat(events.tags()).containsExactly(DAY);
  }

  @Test
  void afterTheTagsHaveLeftTheNextBatchClosesAndCompletes() {
    Link first = events.closeWith(DAY, "a");
    complete(DAY, first.uuid());
    events.handoff().remove(NOON.plus(GRACE), GRACE);
    events.handoff().dropTags(NOON.plus(GRACE).plus(RETENTION), RETENTION);

    isRefused(complete(DAY, first.uuid()), "no longer known");
    Link link = events.closeWith(DAY + 2, "c");
    assertThat(events.closedInHead())
        .containsExactly(
            new ClosedBatch(DAY + 1, link.uuid()), new ClosedBatch(DAY + 2, link.uuid()));
    isDone(complete(DAY + 1, link.uuid()));
    isDone(withdraw(DAY + 1));
    assertThat(completed()).isEqualTo(DAY);
  }
}
