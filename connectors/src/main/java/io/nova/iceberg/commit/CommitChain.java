package io.nova.iceberg.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventDataFiles;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the table. Each link has a UUID and names its parent; it is applied only if
 * the table's head is that parent, in this generation, which is checked inside the swap.
 *
 * <p>A start commits a marker with its generation, so that a committer of an earlier run, still
 * alive somewhere, can commit nothing any more. A start from state first puts the table back to
 * what that state knew: the newest of its links that a retained snapshot has; the links behind it
 * are applied again, one by one. Job and checkpoint ids are never compared: a restored job reuses
 * them.
 *
 * <p>Not thread safe: belongs to one task thread.
 */
public final class CommitChain {
  private static final Logger LOG = LoggerFactory.getLogger(CommitChain.class);
  private static final int MARKER_ATTEMPTS = 20;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Table table;
  private final EventDataFiles files;
  private final String generation;
  private String head;

  private CommitChain(Table table, String generation, String head) {
    this.table = table;
    this.generation = generation;
    this.files = new EventDataFiles(table);
    this.head = head;
  }

  /**
   * Begins a chain on a table without content.
   *
   * @param generation names this run of the job, and no other
   * @throws IllegalStateException where the table has content, which only its job's state can go on
   *     from
   */
  public static CommitChain begin(EventTable events, String generation) {
    CommitChain chain = new CommitChain(events.iceberg(), generation, UUID.randomUUID().toString());
    chain.mark(Step.BIRTH, chain::mustBeWithoutContent);
    return chain;
  }

  /**
   * Goes on from a restored state.
   *
   * @param generation names this run of the job, and no other
   * @throws IllegalStateException where no retained snapshot has any of its links
   */
  public static CommitChain resume(EventTable events, String generation, CommitterState state) {
    CommitChain chain = new CommitChain(events.iceberg(), generation, state.applied());
    List<String> known = new ArrayList<>();
    known.add(state.applied());
    state.pending().forEach(link -> known.add(link.uuid()));
    chain.mark(Step.MARKER, () -> chain.makeCurrent(known));
    int next = known.indexOf(chain.head);
    state.pending().subList(next, state.pending().size()).forEach(chain::apply);
    return chain;
  }

  /** This run of the job, as its snapshots name it. */
  public String generation() {
    return generation;
  }

  /** The last link that was applied. */
  public String head() {
    return head;
  }

  /**
   * Applies a link, if it has not been applied yet.
   *
   * @throws IllegalStateException where the head is neither this link nor its parent, or belongs to
   *     another generation; nothing is changed then
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
      throw refused(link, e);
    }
    head = link.uuid();
    LOG.info(
        "Committed {}: {} block files, {} chunks",
        link.uuid(),
        link.blockFiles().size(),
        link.chunks().size());
  }

  private void commit(Link link) {
    Transaction transaction = table.newTransaction();
    if (!link.blockFiles().isEmpty()) {
      append(transaction, link);
    }
    if (!link.chunks().isEmpty()) {
      rewrite(transaction, link);
    }
    transaction.commitTransaction();
  }

  private boolean headIs(String uuid) {
    return LinkSummary.of(table.currentSnapshot()).filter(l -> l.is(uuid, generation)).isPresent();
  }

  private void append(Transaction transaction, Link link) {
    AppendFiles append = transaction.newFastAppend();
    link.blockFiles().forEach(file -> append.appendFile(files.of(file)));
    describe(append, link, Step.APPEND).commit();
  }

  private void rewrite(Transaction transaction, Link link) {
    RewriteFiles rewrite = transaction.newRewrite();
    for (Chunk chunk : link.chunks()) {
      chunk.merged().forEach(file -> rewrite.deleteFile(files.of(file)));
      rewrite.addFile(files.of(chunk));
    }
    describe(rewrite, link, Step.REWRITE).commit();
  }

  private <T extends SnapshotUpdate<T>> T describe(T update, Link link, Step step) {
    return update
        .set(LinkSummary.UUID, link.uuid())
        .set(LinkSummary.GENERATION, generation)
        .set(LinkSummary.STEP, step.name())
        .set(LinkSummary.SEQUENCES, text(link.sequences()))
        .set(LinkSummary.TALLY, json(link))
        .set(LinkSummary.BLOCK_FILES, Long.toString(link.totals().blockFiles()))
        .set(LinkSummary.CHUNKS, Long.toString(link.totals().chunks()))
        .validateWith(ancestors -> follows(ancestors, link));
  }

  /** The head that the swap starts from: the parent, or this link's own append. */
  private boolean follows(Iterable<Snapshot> ancestors, Link link) {
    return LinkSummary.of(first(ancestors))
        .filter(l -> l.is(link.parent(), generation) || l.is(link.uuid(), generation))
        .isPresent();
  }

  /** Either nothing was changed, or the head is not this link's parent: says which. */
  private IllegalStateException refused(Link link, RuntimeException cause) {
    table.refresh();
    Optional<LinkSummary> found = LinkSummary.of(table.currentSnapshot());
    boolean alone = found.filter(l -> l.is(link.parent(), generation)).isPresent();
    return new IllegalStateException(
        ("Table %s: the head is %s, expected link %s of generation %s%s%s Nothing was "
                + "changed; this job fails and starts over.")
            .formatted(
                table.location(),
                found,
                link.parent(),
                generation,
                alone ? ". Link " + link.uuid() + " does not fit it: " + cause.getMessage() : "",
                alone ? "." : ". A second writer is alive."),
        cause);
  }

  /** Commits a snapshot that changes nothing but the generation, after a step that may. */
  private void mark(Step step, Supplier<Start> whence) {
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      Transaction transaction = table.newTransaction();
      try {
        Start start = whence.get();
        if (start.goBack()) {
          transaction.manageSnapshots().setCurrentSnapshot(start.baseId()).commit();
        }
        transaction
            .newFastAppend()
            .set(LinkSummary.UUID, head)
            .set(LinkSummary.GENERATION, generation)
            .set(LinkSummary.STEP, step.name())
            .set(LinkSummary.SEQUENCES, start.sequences())
            .validateWith(ancestors -> start.isOn(first(ancestors)))
            .commit();
        transaction.commitTransaction();
        return;
      } catch (CommitFailedException | ValidationException otherWasFaster) {
        if (attempt == MARKER_ATTEMPTS) {
          throw otherWasFaster;
        }
      }
    }
  }

  private static @Nullable Snapshot first(Iterable<Snapshot> ancestors) {
    Iterator<Snapshot> newestFirst = ancestors.iterator();
    return newestFirst.hasNext() ? newestFirst.next() : null;
  }

  private Start mustBeWithoutContent() {
    Snapshot current = table.currentSnapshot();
    if (current == null || LinkSummary.of(current).filter(l -> l.isFor(Step.BIRTH)).isPresent()) {
      return new Start(current, false);
    }
    throw new IllegalStateException(
        ("Table %s has content (snapshot %s), and the job starts without state: it "
                + "could not tell what is a duplicate. Start it from its last checkpoint or "
                + "savepoint (flink run -s PATH), or use another warehouse. Nothing was changed.")
            .formatted(table.location(), current.snapshotId()));
  }

  private Start makeCurrent(List<String> known) {
    Snapshot found = newestOf(known);
    head = LinkSummary.of(found).orElseThrow().uuid();
    Snapshot current = table.currentSnapshot();
    if (current != null && current.snapshotId() == found.snapshotId()) {
      return new Start(found, false);
    }
    LOG.warn(
        "Table {}: going back from snapshot {} to {}, which the restored state knows",
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
                + "It was expired, or the state is another table's. Restore a newer checkpoint "
                + "or savepoint. Nothing was changed.")
            .formatted(table.location(), known));
  }

  private static String text(List<Long> sequences) {
    return sequences.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static String json(Link link) {
    try {
      return JSON.writeValueAsString(link.tally().total());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
