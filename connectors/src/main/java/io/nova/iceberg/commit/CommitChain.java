package io.nova.iceberg.commit;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit chain: the only writer of the table. Each link has a UUID and names its parent. A link
 * is applied only if the table's head is its parent in this generation; Iceberg's atomic swap
 * checks that.
 *
 * <p>Each run first commits a marker with its generation. From then on a committer of an earlier
 * run that is still alive can commit nothing. A run with restored state first puts the table back:
 * to the newest link of the state that a retained snapshot has. Then it applies the later links
 * again, one by one. Job ids and checkpoint ids are never compared, since a restored job reuses
 * them.
 *
 * <p>Not thread safe; belongs to one task thread.
 */
public final class CommitChain {
  private static final Logger LOG = LoggerFactory.getLogger(CommitChain.class);
  private static final int MARKER_ATTEMPTS = 20;

  private final Table table;
  private final LinkTransaction links;
  private final String generation;
  private String head;
  private List<ClosedBatch> handedOff = List.of();

  private CommitChain(Table table, String generation, String head) {
    this.table = table;
    this.generation = generation;
    this.links = new LinkTransaction(table, generation);
    this.head = head;
  }

  /**
   * Begins a chain on a table without content.
   *
   * @param generation unique id of this run of the job
   * @throws IllegalStateException if the table has content: only a job with its state may continue
   */
  public static CommitChain begin(EventTable events, String generation) {
    CommitChain chain = new CommitChain(events.iceberg(), generation, UUID.randomUUID().toString());
    chain.mark(Step.BIRTH, "", () -> Start.withoutContent(chain.table));
    return chain;
  }

  /**
   * Continues the chain of a restored state.
   *
   * @param generation unique id of this run of the job
   * @throws IllegalStateException if no retained snapshot has any link of the state
   */
  public static CommitChain resume(EventTable events, String generation, CommitterState state) {
    return resume(events, generation, state, "");
  }

  /**
   * Continues the chain of a restored state.
   *
   * @param generation unique id of this run of the job
   * @param givenUp the offsets that this run may go on without, for the summary of its marker;
   *     empty for none
   * @throws IllegalStateException if no retained snapshot has any link of the state
   */
  public static CommitChain resume(
      EventTable events, String generation, CommitterState state, String givenUp) {
    CommitChain chain = new CommitChain(events.iceberg(), generation, state.applied());
    List<String> known = new ArrayList<>();
    known.add(state.applied());
    state.pending().forEach(link -> known.add(link.uuid()));
    chain.mark(
        Step.MARKER,
        givenUp,
        () -> {
          chain.handedOff = new RestoreCheck(chain.table).handedOff(state);
          Start start = Start.atNewestOf(chain.table, known, state.age(Instant.now()));
          chain.head = LinkSummary.of(start.base()).orElseThrow().uuid();
          return start;
        });
    int next = known.indexOf(chain.head);
    long left = chain.leftToBatchLayer();
    state.pending().subList(next, state.pending().size()).stream()
        .map(link -> link.above(left))
        .forEach(link -> chain.apply(link, true));
    return chain;
  }

  /** The id of this run of the job, as its snapshots name it. */
  public String generation() {
    return generation;
  }

  /** The closed batches of the table as this chain has loaded it last. */
  public ClosedBatches closed() {
    return ClosedBatches.of(table.currentSnapshot());
  }

  /** The handoff of the table as this chain has loaded it last. */
  public HandoffProperties handoff() {
    return HandoffProperties.of(table.properties());
  }

  /**
   * The completed batches that the restored state had not closed, oldest first. The batch layer
   * answers for them, so their rows in that state are dropped.
   */
  public List<ClosedBatch> handedOff() {
    return handedOff;
  }

  private long leftToBatchLayer() {
    return handedOff.isEmpty() ? BatchNumbers.NONE : handedOff.get(handedOff.size() - 1).batch();
  }

  /** The UUID of the last applied link. */
  public String head() {
    return head;
  }

  /**
   * Applies a link. Nothing happens if the link is the head already.
   *
   * @throws IllegalStateException if the head is neither this link nor its parent, or is of another
   *     generation. The table is not changed then. Also if the storage does not say whether the
   *     commit succeeded; {@link #resume} then finds that out
   */
  public void apply(Link link) {
    apply(link, false);
  }

  private void apply(Link link, boolean again) {
    table.refresh();
    if (headIs(link.uuid())) {
      head = link.uuid();
      return;
    }
    try {
      links.commit(link, again);
    } catch (CommitFailedException | ValidationException e) {
      throw failure(link, e);
    } catch (CommitStateUnknownException e) {
      throw unknown("link " + link.uuid(), e);
    }
    head = link.uuid();
    LOG.info(
        "Committed {}: {} block files, {} chunks",
        link.uuid(),
        link.blockFiles().size(),
        link.chunks().size());
  }

  /**
   * An edit of the table that changes no rows: of properties, tags or retained snapshots. It judges
   * by the table as loaded.
   */
  public interface Edit {
    /** Adds changes to a transaction; false if there is nothing to change. */
    boolean in(Transaction transaction);
  }

  /**
   * Changes the table without changing rows. The same transaction has an empty append with the
   * head's UUID, so it fails where the head is of another generation or another snapshot than the
   * one that the edit has judged by.
   *
   * @return whether the table was changed
   * @throws IllegalStateException if a second writer is alive. The table is not changed then. Also
   *     if the storage does not say whether the commit succeeded
   */
  public boolean change(Step step, Edit edit) {
    return change(step, edit, Transaction::newFastAppend);
  }

  /** As {@link #change(Step, Edit)}, with another snapshot than an empty append. */
  boolean change(Step step, Edit edit, Function<Transaction, SnapshotUpdate<?>> fence) {
    table.refresh();
    Snapshot judged = mustBeHead();
    Transaction transaction = table.newTransaction();
    if (!edit.in(transaction)) {
      return false;
    }
    try {
      SnapshotUpdate<?> update = fence.apply(transaction);
      update.set(LinkSummary.UUID, head);
      update.set(LinkSummary.GENERATION, generation);
      update.set(LinkSummary.STEP, LinkSummary.isBirth(judged) ? Step.BIRTH.name() : step.name());
      update.set(LinkSummary.SEQUENCES, judged.summary().getOrDefault(LinkSummary.SEQUENCES, ""));
      update.set(LinkSummary.CLOSED, ClosedBatches.of(judged).text());
      update.validateWith(ancestors -> new Start(judged, false).isOn(first(ancestors)));
      update.commit();
      HaltPoint.of(step).reached();
      transaction.commitTransaction();
    } catch (CommitFailedException | ValidationException e) {
      throw second(step, e);
    } catch (CommitStateUnknownException e) {
      throw unknown("the change " + step + " of generation " + generation, e);
    }
    return true;
  }

  private Snapshot mustBeHead() {
    Snapshot current = table.currentSnapshot();
    if (current == null || LinkSummary.of(current).filter(l -> l.is(head, generation)).isEmpty()) {
      throw second(null, null);
    }
    return current;
  }

  private IllegalStateException second(@Nullable Step step, @Nullable RuntimeException cause) {
    return new IllegalStateException(
        ("Table %s: the head is %s, expected link %s of generation %s. A second writer is alive."
                + " %s was not done. This job fails and starts over.")
            .formatted(
                table.location(),
                LinkSummary.of(table.currentSnapshot())
                    .map(LinkSummary::toString)
                    .orElse("no link of Nova"),
                head,
                generation,
                step == null ? "The change" : "Step " + step),
        cause);
  }

  private boolean headIs(String uuid) {
    return LinkSummary.of(table.currentSnapshot()).filter(l -> l.is(uuid, generation)).isPresent();
  }

  /** Says whether a second writer is alive, or the link itself does not fit. */
  private IllegalStateException failure(Link link, RuntimeException cause) {
    try {
      table.refresh();
    } catch (RuntimeException unreadable) {
      cause.addSuppressed(unreadable);
    }
    Optional<LinkSummary> found = LinkSummary.of(table.currentSnapshot());
    boolean alone = found.filter(l -> l.is(link.parent(), generation)).isPresent();
    return new IllegalStateException(
        ("Table %s: the head is %s, expected link %s of generation %s%s%s Nothing was "
                + "changed. This job fails and starts over.")
            .formatted(
                table.location(),
                found.map(LinkSummary::toString).orElse("no link of Nova"),
                link.parent(),
                generation,
                alone ? ". Link " + link.uuid() + " does not fit it: " + cause.getMessage() : "",
                alone ? "." : ". A second writer is alive."),
        cause);
  }

  private IllegalStateException unknown(String what, CommitStateUnknownException cause) {
    return new IllegalStateException(
        ("Table %s: it is unknown whether %s is in the table: the storage gave no clear answer. "
                + "Nothing was deleted. This job fails, starts over and finds out.")
            .formatted(table.location(), what),
        cause);
  }

  /**
   * Commits a marker on the base that {@code chooseStart} finds; retries if the table has moved. A
   * former committer may complete or withdraw a batch until then, so the choice is made anew.
   */
  private void mark(Step step, String givenUp, Supplier<Start> chooseStart) {
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      Transaction transaction = table.newTransaction();
      Snapshot judged = table.currentSnapshot();
      try {
        Start start = chooseStart.get();
        if (start.goBack()) {
          transaction.manageSnapshots().setCurrentSnapshot(start.baseId()).commit();
        }
        describe(transaction.newFastAppend(), step, givenUp, start)
            .validateWith(ancestors -> start.isOn(first(ancestors)) && isStillHead(judged))
            .commit();
        followTags(transaction, start);
        transaction.commitTransaction();
        return;
      } catch (CommitFailedException | ValidationException moved) {
        if (attempt == MARKER_ATTEMPTS) {
          throw moved;
        }
      } catch (CommitStateUnknownException e) {
        throw unknown("the marker of generation " + generation, e);
      }
    }
  }

  private AppendFiles describe(AppendFiles marker, Step step, String givenUp, Start start) {
    if (!givenUp.isEmpty()) {
      marker.set(LinkSummary.GIVEN_UP, givenUp);
    }
    return marker
        .set(LinkSummary.UUID, head)
        .set(LinkSummary.GENERATION, generation)
        .set(LinkSummary.STEP, step.name())
        .set(LinkSummary.SEQUENCES, start.sequences())
        .set(LinkSummary.CLOSED, ClosedBatches.of(start.base()).text());
  }

  /** A start that goes back would hide a change of the former head from the swap's ancestors. */
  private boolean isStillHead(@Nullable Snapshot judged) {
    Snapshot now = ((HasTableOperations) table).operations().current().currentSnapshot();
    return new Start(judged, false).isOn(now);
  }

  private void followTags(Transaction transaction, Start start) {
    HandoffProperties before = handoff();
    BatchTags tags = new BatchTags(transaction);
    HandoffProperties after = tags.follow(ClosedBatches.of(start.base()), before);
    if (!after.equals(before)) {
      tags.set(after);
    }
  }

  static @Nullable Snapshot first(Iterable<Snapshot> ancestors) {
    Iterator<Snapshot> newestFirst = ancestors.iterator();
    return newestFirst.hasNext() ? newestFirst.next() : null;
  }
}
