package io.nova.iceberg.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventDataFiles;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.RewriteFiles;
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
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Table table;
  private final EventDataFiles files;
  private final String generation;
  private String head;
  private List<ClosedBatch> handedOff = List.of();
  private boolean resuming;

  private CommitChain(Table table, String generation, String head) {
    this.table = table;
    this.generation = generation;
    this.files = new EventDataFiles(table);
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
    chain.mark(Step.BIRTH, "", chain::mustBeWithoutContent);
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
          return chain.makeCurrent(known);
        });
    int next = known.indexOf(chain.head);
    long left = chain.leftToBatchLayer();
    chain.resuming = true;
    state.pending().subList(next, state.pending().size()).stream()
        .map(link -> link.above(left))
        .forEach(chain::apply);
    chain.resuming = false;
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
    table.refresh();
    if (headIs(link.uuid())) {
      head = link.uuid();
      return;
    }
    try {
      commit(link);
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
      update.set(LinkSummary.STEP, isBirth(judged) ? Step.BIRTH.name() : step.name());
      update.set(LinkSummary.SEQUENCES, judged.summary().getOrDefault(LinkSummary.SEQUENCES, ""));
      update.set(LinkSummary.CLOSED, ClosedBatches.of(judged).text());
      update.validateWith(ancestors -> new Start(judged, false).isOn(first(ancestors)));
      update.commit();
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

  private void commit(Link drawn) {
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    Link link = drawn.above(handoff.deleted());
    List<ClosedBatch> closing = closedBy(link, handoff);
    ClosedBatches closed = closedInHead(handoff).plus(closing);
    Transaction transaction = table.newTransaction();
    if (!link.blockFiles().isEmpty() || link.chunks().isEmpty()) {
      append(transaction, link, closed);
    }
    if (!link.chunks().isEmpty()) {
      rewrite(transaction, link, closed);
    }
    if (link.closes() != null && !closing.isEmpty()) {
      tag(transaction, closing, link, handoff);
    }
    transaction.commitTransaction();
  }

  /** The closed batches of the head whose files have not been removed. */
  private ClosedBatches closedInHead(HandoffProperties handoff) {
    return ClosedBatches.of(table.currentSnapshot()).above(handoff.deleted());
  }

  /**
   * The batches that a link closes: those after the last closed or completed one. The first close
   * has no such batch. It closes the batches that have rows, and the one that was asked for.
   */
  private List<ClosedBatch> closedBy(Link link, HandoffProperties handoff) {
    if (link.closes() == null) {
      return List.of();
    }
    long upTo = link.closes().batch();
    long last = Math.max(closedInHead(handoff).greatest(), handoff.completed());
    LongStream batches =
        last == BatchNumbers.NONE
            ? first(link).headSet(upTo + 1).stream().mapToLong(Long::longValue)
            : LongStream.rangeClosed(last + 1, upTo);
    return batches.mapToObj(batch -> new ClosedBatch(batch, link.uuid())).toList();
  }

  private SortedSet<Long> first(Link link) {
    SortedSet<Long> batches = new TreeSet<>(BatchFiles.batches(table, table.currentSnapshot()));
    link.blockFiles().forEach(file -> batches.add(file.batchNumber()));
    batches.add(Objects.requireNonNull(link.closes()).batch());
    return batches;
  }

  private static void tag(
      Transaction transaction, List<ClosedBatch> closing, Link link, HandoffProperties handoff) {
    BatchTags tags = new BatchTags(transaction);
    Closing close = Closing.of(link, Objects.requireNonNull(link.closes()));
    HandoffProperties after = handoff;
    for (ClosedBatch one : closing) {
      after = after.with(tags.make(one, close));
    }
    tags.set(after);
  }

  private boolean headIs(String uuid) {
    return LinkSummary.of(table.currentSnapshot()).filter(l -> l.is(uuid, generation)).isPresent();
  }

  private void append(Transaction transaction, Link link, ClosedBatches closed) {
    AppendFiles append = transaction.newFastAppend();
    link.blockFiles().forEach(file -> append.appendFile(files.of(file)));
    describe(append, link, Step.APPEND, closed).commit();
  }

  private void rewrite(Transaction transaction, Link link, ClosedBatches closed) {
    // Without a start Iceberg walks to the first snapshot of the table, which may have expired.
    RewriteFiles rewrite =
        transaction
            .newRewrite()
            .validateFromSnapshot(transaction.table().currentSnapshot().snapshotId());
    for (Chunk chunk : link.chunks()) {
      chunk.merged().forEach(file -> rewrite.deleteFile(files.of(file)));
      rewrite.addFile(files.of(chunk));
    }
    describe(rewrite, link, Step.REWRITE, closed).commit();
  }

  private <T extends SnapshotUpdate<T>> T describe(
      T update, Link link, Step step, ClosedBatches closed) {
    if (link.closes() != null) {
      update.set(LinkSummary.CLOSED_BATCH, Long.toString(link.closes().batch()));
      Closing.of(link, link.closes()).to(update);
    }
    if (resuming) {
      update.set(LinkSummary.REAPPLIED, "true");
    }
    return update
        .set(LinkSummary.UUID, link.uuid())
        .set(LinkSummary.GENERATION, generation)
        .set(LinkSummary.STEP, step.name())
        .set(LinkSummary.SEQUENCES, Sequences.encode(link.sequences()))
        .set(LinkSummary.CLOSED, closed.text())
        .set(LinkSummary.TALLY, json(link))
        .set(LinkSummary.BLOCK_FILES, Long.toString(link.totals().blockFiles()))
        .set(LinkSummary.CHUNKS, Long.toString(link.totals().chunks()))
        .validateWith(ancestors -> follows(ancestors, link));
  }

  /** Whether the swap starts from the parent, or from the first half of this link, its append. */
  private boolean follows(Iterable<Snapshot> ancestors, Link link) {
    return LinkSummary.of(first(ancestors))
        .filter(l -> l.is(link.parent(), generation) || l.is(link.uuid(), generation))
        .isPresent();
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

  private static @Nullable Snapshot first(Iterable<Snapshot> ancestors) {
    Iterator<Snapshot> newestFirst = ancestors.iterator();
    return newestFirst.hasNext() ? newestFirst.next() : null;
  }

  private Start mustBeWithoutContent() {
    Snapshot current = table.currentSnapshot();
    if (current == null || isBirth(current)) {
      return new Start(current, false);
    }
    throw new IllegalStateException(
        ("Table %s has content (snapshot %s), and the job starts without state: it cannot know "
                + "which events are duplicates. Start it from its last checkpoint or savepoint "
                + "(flink run -s PATH), or use another warehouse. Nothing was changed.")
            .formatted(table.location(), current.snapshotId()));
  }

  /** Whether no link follows yet: a job without state may begin there. */
  private static boolean isBirth(Snapshot snapshot) {
    return LinkSummary.of(snapshot).filter(l -> l.isFor(Step.BIRTH)).isPresent();
  }

  private Start makeCurrent(List<String> known) {
    Snapshot found = newestOf(known);
    head = LinkSummary.of(found).orElseThrow().uuid();
    Snapshot current = table.currentSnapshot();
    if (current != null && current.snapshotId() == found.snapshotId()) {
      return new Start(found, false);
    }
    LOG.warn(
        "Table {}: goes back from snapshot {} to {}, the newest one that the restored state knows",
        table.location(),
        current == null ? "none" : current.snapshotId(),
        found.snapshotId());
    return new Start(found, true);
  }

  private Snapshot newestOf(List<String> known) {
    List<String> newestFirst = new ArrayList<>(known);
    Collections.reverse(newestFirst);
    for (String uuid : newestFirst) {
      Optional<Snapshot> found =
          StreamSupport.stream(table.snapshots().spliterator(), false)
              .filter(s -> LinkSummary.of(s).filter(l -> l.uuid().equals(uuid)).isPresent())
              .max(Comparator.comparingLong(Snapshot::sequenceNumber));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException(
        ("Table %s: no retained snapshot has any of the links %s of the restored state. "
                + "The snapshots have expired, since the state is older than "
                + "nova.savepoint.retention, or it belongs to another table. Restore a "
                + "newer checkpoint or savepoint. Nothing was changed.")
            .formatted(table.location(), known));
  }

  private static String json(Link link) {
    try {
      return JSON.writeValueAsString(link.tally().total());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
