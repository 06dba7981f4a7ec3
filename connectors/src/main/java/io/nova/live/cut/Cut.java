package io.nova.live.cut;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.shard.BlockFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a query reads: the files of one snapshot, block files that the snapshot lacks, and
 * open blocks of live views. No event is in two of them. Rows of completed batches are not part of
 * the cut, wherever they are: the batch layer answers for them.
 *
 * @param snapshotId Iceberg's id of the snapshot; empty for a table without one
 * @param link the link of the commit chain that the snapshot has; empty if no job made it
 * @param completed the last completed batch, of the same version of the table's metadata as the
 *     snapshot; {@link BatchNumbers#NONE} if there is none
 * @param batchSnapshotId Iceberg's id of the snapshot of the batch layer's table, for {@code
 *     lambda_events}. It was taken after the completed batch, since the batch layer first writes a
 *     batch and then completes it; empty if it is not needed
 * @param sealed block files beside the snapshot
 * @param views pinned views whose open blocks are read; none for a committed read
 * @param gaps the events that the cut may lack; empty if it is complete
 */
public record Cut(
    Optional<Long> snapshotId,
    Optional<LinkSummary> link,
    long completed,
    Optional<Long> batchSnapshotId,
    List<BlockFile> sealed,
    List<View> views,
    List<Gap> gaps) {
  /**
   * A pinned view of one subtask.
   *
   * @param subtask the address of its server
   * @param pinned the blocks in it, and its lease
   */
  public record View(Announcement subtask, PinnedView pinned) {}

  /**
   * Key groups whose events may be missing.
   *
   * @param shards numbers of the key groups
   * @param reason the end of a sentence
   */
  public record Gap(List<Integer> shards, String reason) {
    /** Copies the list. */
    public Gap {
      shards = List.copyOf(shards);
    }

    @Override
    public String toString() {
      return shards.isEmpty()
          ? reason
          : "key groups %s: %s".formatted(KeyGroups.text(shards), reason);
    }
  }

  /** Copies the lists. */
  public Cut {
    sealed = List.copyOf(sealed);
    views = List.copyOf(views);
    gaps = List.copyOf(gaps);
  }

  /**
   * The cut of the current snapshot alone, as the table's handle knows it. Snapshot and completed
   * batch are of one version of the metadata. Otherwise a batch could be completed and removed
   * between the two reads, and be missing in the answer.
   */
  public static Cut committed(Table table) {
    TableMetadata version = ((HasTableOperations) table).operations().current();
    return committed(
        version.currentSnapshot(), HandoffProperties.of(version.properties()).completed());
  }

  /**
   * The cut of one snapshot alone.
   *
   * @param snapshot null for a table without snapshots
   * @param completed the last batch whose rows are left out
   */
  public static Cut committed(@Nullable Snapshot snapshot, long completed) {
    return new Cut(
        Optional.ofNullable(snapshot).map(Snapshot::snapshotId),
        LinkSummary.of(snapshot),
        completed,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The cut with the same snapshot and completed batch, and with these views. */
  Cut with(List<BlockFile> files, List<View> pinned, List<Gap> missing) {
    return new Cut(snapshotId, link, completed, batchSnapshotId, files, pinned, missing);
  }

  /** The same cut with a snapshot of the batch layer's table. */
  public Cut withBatches(Optional<Long> batchSnapshot) {
    return new Cut(snapshotId, link, completed, batchSnapshot, sealed, views, gaps);
  }

  /** The same cut with another last batch whose rows are left out. */
  public Cut above(long batch) {
    return new Cut(snapshotId, link, batch, batchSnapshotId, sealed, views, gaps);
  }

  /** The number of events in its open blocks. */
  public long openRows() {
    return views.stream()
        .flatMap(view -> view.pinned().open().stream())
        .mapToLong(PinnedView.OpenBlock::rows)
        .sum();
  }

  /** The number of key groups in its gaps. */
  public long shardsMissing() {
    return gaps.stream().flatMap(gap -> gap.shards().stream()).distinct().count();
  }

  /** The token that describes this cut to users. */
  public ReadToken token() {
    return new ReadToken(
        ReadToken.VERSION,
        snapshotId.orElse(null),
        link.map(LinkSummary::uuid).orElse(null),
        link.map(LinkSummary::generation).orElse(null),
        completed == BatchNumbers.NONE ? null : completed,
        batchSnapshotId.orElse(null),
        views.stream().map(Cut::inToken).toList(),
        gaps.stream().map(Gap::toString).toList());
  }

  private static ReadToken.View inToken(View view) {
    String ends =
        view.pinned().shards().stream()
            .map(end -> end.shard() + ":" + end.inTable() + "/" + end.sealed())
            .collect(Collectors.joining(" "));
    return new ReadToken.View(view.subtask().subtask(), view.pinned().lease(), ends);
  }
}
