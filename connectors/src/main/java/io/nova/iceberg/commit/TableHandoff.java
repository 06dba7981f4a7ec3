package io.nova.iceberg.commit;

import io.nova.event.row.EventSchema;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffJudge.Verdict;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.iceberg.commit.LinkSummary.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * The handoff of a table: completes and withdraws batches, removes their files, drops their tags.
 * Each is one change of the commit chain. It fails if another generation or another change came in
 * between, and changes nothing then.
 *
 * <p>A request is applied once. Its position is stored in the same change. A request at or below
 * the stored position changes nothing; it is answered by what the table says now.
 *
 * <p>Not thread safe; belongs to the thread of its chain.
 */
public final class TableHandoff {
  private final CommitChain chain;

  /** The handoff of the table of a chain. */
  public TableHandoff(CommitChain chain) {
    this.chain = chain;
  }

  /**
   * Completes a batch: the batch layer answers for it from now on.
   *
   * @param link UUID of the closing link that the batch layer has read
   * @param audit the batch layer's figures; null where it gave none
   * @param by who asks
   * @throws IllegalStateException as {@link CommitChain#change}, or if the topic has another id
   */
  public HandoffResult complete(
      long batch,
      String link,
      @Nullable AuditFigures audit,
      RequestPosition position,
      String by,
      Instant now) {
    return decide(position, batch, judge -> judge.complete(batch, link, audit, by, now));
  }

  /**
   * Completes a batch that the batch layer has not loaded. Queries miss its rows from now on.
   *
   * @param link UUID of its closing link
   * @param by who asks
   * @throws IllegalStateException as {@link CommitChain#change}, or if the topic has another id
   */
  public HandoffResult forceComplete(
      long batch, String link, RequestPosition position, String by, Instant now) {
    return decide(position, batch, judge -> judge.forceComplete(batch, link, by, now));
  }

  /**
   * Takes the last completion back, if its files are still in the table. The batch stays closed.
   *
   * @param by who asks
   * @throws IllegalStateException as {@link CommitChain#change}, or if the topic has another id
   */
  public HandoffResult withdraw(long batch, RequestPosition position, String by, Instant now) {
    return decide(position, batch, judge -> judge.withdraw(batch, by, now));
  }

  /**
   * Notes that a request was dealt with elsewhere.
   *
   * @throws IllegalStateException as {@link CommitChain#change}, or if the topic has another id
   */
  public void pass(RequestPosition position) {
    chain.change(Step.HANDOFF, transaction -> set(transaction, before(transaction).at(position)));
  }

  /**
   * Notes the id of the topic of the requests.
   *
   * @param accepted whether another topic than before is accepted; its requests are read from the
   *     beginning
   * @throws IllegalStateException if the topic is another than before, and that is not accepted
   */
  public void useTopic(String topicId, boolean accepted) {
    chain.change(
        Step.HANDOFF,
        transaction -> set(transaction, before(transaction).onTopic(topicId, accepted)));
  }

  private interface Rule {
    Verdict on(HandoffJudge judge);
  }

  private HandoffResult decide(RequestPosition position, long batch, Rule rule) {
    Decision decision = new Decision(position, batch, rule);
    chain.change(Step.HANDOFF, decision);
    return Objects.requireNonNull(decision.result);
  }

  private static final class Decision implements CommitChain.Edit {
    private final RequestPosition position;
    private final long batch;
    private final Rule rule;
    private @Nullable HandoffResult result;

    Decision(RequestPosition position, long batch, Rule rule) {
      this.position = position;
      this.batch = batch;
      this.rule = rule;
    }

    @Override
    public boolean in(Transaction transaction) {
      HandoffProperties before = before(transaction);
      Verdict verdict =
          rule.on(
              new HandoffJudge(before, ClosedBatches.of(transaction.table().currentSnapshot())));
      boolean again = before.isApplied(position);
      result = again && !verdict.after().equals(before) ? appliedBefore(before) : verdict.result();
      return !again && set(transaction, verdict.after().at(position));
    }

    private HandoffResult appliedBefore(HandoffProperties now) {
      return HandoffResult.refused(
          ("This request was decided before, and its answer was lost. Batch %d is %s now. Ask again"
                  + " if that is not what you want.")
              .formatted(batch, now.isCompleted(batch) ? "completed" : "not completed"));
    }
  }

  private static HandoffProperties before(Transaction transaction) {
    return HandoffProperties.of(transaction.table().properties());
  }

  /** Sets the handoff, if it is another than before. */
  private static boolean set(Transaction transaction, HandoffProperties after) {
    if (after.equals(before(transaction))) {
      return false;
    }
    new BatchTags(transaction).set(after);
    return true;
  }

  /**
   * Removes the files of batches whose completion is older than the grace period. Also removes
   * files of removed batches that a restore has brought back.
   *
   * @return whether the table was changed
   * @throws IllegalStateException as {@link CommitChain#change}
   */
  public boolean remove(Instant now, Duration grace) {
    Removal removal = new Removal(now, grace);
    boolean changed = chain.change(Step.REMOVE, removal, removal::delete);
    if (changed) {
      HaltPoint.DELETED.reached();
    }
    return changed;
  }

  private static final class Removal implements CommitChain.Edit {
    private final Instant now;
    private final long completedUntilMs;
    private long upTo = BatchNumbers.NONE;

    Removal(Instant now, Duration grace) {
      this.now = now;
      this.completedUntilMs = now.minus(grace).toEpochMilli();
    }

    @Override
    public boolean in(Transaction transaction) {
      HandoffProperties before = before(transaction);
      HandoffProperties after = before;
      for (Batch one : before.batches()) {
        if (one.batch() > before.deleted() && before.isCompleted(one.batch())) {
          if (Objects.requireNonNull(one.completedAtMs()) > completedUntilMs) {
            break;
          }
          after = after.with(one.removed(now.toEpochMilli())).deletedUpTo(one.batch());
        }
      }
      upTo = after.deleted();
      return set(transaction, after) || cameBack(transaction);
    }

    private boolean cameBack(Transaction transaction) {
      SortedSet<Long> present =
          BatchFiles.batches(transaction.table(), transaction.table().currentSnapshot());
      return !present.isEmpty() && present.first() <= upTo;
    }

    SnapshotUpdate<?> delete(Transaction transaction) {
      return transaction
          .newDelete()
          .deleteFromRowFilter(Expressions.lessThanOrEqual(EventSchema.BATCH_NUMBER, upTo));
    }
  }

  /**
   * Drops the tags of batches that were removed longer ago than savepoints are kept. Their side
   * snapshots may expire then.
   *
   * @return whether the table was changed
   * @throws IllegalStateException as {@link CommitChain#change}
   */
  public boolean dropTags(Instant now, Duration retention) {
    long removedUntilMs = now.minus(retention).toEpochMilli();
    return chain.change(
        Step.TAGS,
        transaction -> {
          HandoffProperties before = before(transaction);
          List<Batch> due =
              before.batches().stream().filter(one -> one.isRemovedBy(removedUntilMs)).toList();
          HandoffProperties after = before;
          for (Batch one : due) {
            new BatchTags(transaction).drop(one.batch());
            after = after.without(one.batch());
          }
          return set(transaction, after);
        });
  }
}
