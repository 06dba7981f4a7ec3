package io.nova.iceberg.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventDataFiles;
import io.nova.iceberg.commit.LinkSummary.Step;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * The Iceberg transaction of a link: its files, its summary, and the tags of the batches that it
 * closes. Iceberg's swap checks that the head is the link's parent.
 */
final class LinkTransaction {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Table table;
  private final EventDataFiles files;
  private final String generation;

  /** The transactions of a run of the job. */
  LinkTransaction(Table table, String generation) {
    this.table = table;
    this.files = new EventDataFiles(table);
    this.generation = generation;
  }

  /**
   * Commits a link.
   *
   * @param again whether a start applies it again; its files may then be in an abandoned branch,
   *     too
   * @throws CommitFailedException if the table has moved, or {@link ValidationException} if its
   *     head is not the parent
   */
  void commit(Link drawn, boolean again) {
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    Link link = drawn.above(handoff.deleted());
    List<ClosedBatch> closing = closedBy(link, handoff);
    ClosedBatches closed = closedInHead(handoff).plus(closing);
    Transaction transaction = table.newTransaction();
    if (!link.blockFiles().isEmpty() || link.chunks().isEmpty()) {
      append(transaction, link, closed, again);
    }
    if (!link.chunks().isEmpty()) {
      rewrite(transaction, link, closed, again);
    }
    if (link.closes() != null && !closing.isEmpty()) {
      tag(transaction, closing, link, handoff);
      HaltPoint.TAG.reached();
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

  private void append(Transaction transaction, Link link, ClosedBatches closed, boolean again) {
    AppendFiles append = transaction.newFastAppend();
    link.blockFiles().forEach(file -> append.appendFile(files.of(file)));
    describe(append, link, Step.APPEND, closed, again).commit();
  }

  private void rewrite(Transaction transaction, Link link, ClosedBatches closed, boolean again) {
    // Without a start Iceberg walks to the first snapshot of the table, which may have expired.
    RewriteFiles rewrite =
        transaction
            .newRewrite()
            .validateFromSnapshot(transaction.table().currentSnapshot().snapshotId());
    for (Chunk chunk : link.chunks()) {
      chunk.merged().forEach(file -> rewrite.deleteFile(files.of(file)));
      chunk.mergedChunks().forEach(file -> rewrite.deleteFile(files.of(file)));
      rewrite.addFile(files.of(chunk));
    }
    describe(rewrite, link, Step.REWRITE, closed, again).commit();
  }

  private <T extends SnapshotUpdate<T>> T describe(
      T update, Link link, Step step, ClosedBatches closed, boolean again) {
    if (link.closes() != null) {
      update.set(LinkSummary.CLOSED_BATCH, Long.toString(link.closes().batch()));
      Closing.of(link, link.closes()).to(update);
    }
    if (again) {
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
    return LinkSummary.of(CommitChain.first(ancestors))
        .filter(l -> l.is(link.parent(), generation) || l.is(link.uuid(), generation))
        .isPresent();
  }

  private static String json(Link link) {
    try {
      return JSON.writeValueAsString(link.tally().total());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
