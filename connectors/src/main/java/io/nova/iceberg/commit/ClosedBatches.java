package io.nova.iceberg.commit;

import io.nova.handoff.BatchNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The closed batches of one snapshot, as its summary lists them. Batches whose files were removed
 * leave the list.
 *
 * @param batches the closed batches, oldest first
 */
public record ClosedBatches(List<ClosedBatch> batches) {
  /** No batch is closed. */
  public static final ClosedBatches NONE = new ClosedBatches(List.of());

  public ClosedBatches {
    batches = batches.stream().sorted(Comparator.comparingLong(ClosedBatch::batch)).toList();
  }

  /** Reads the list of a snapshot; empty for no snapshot and for one without a closed batch. */
  public static ClosedBatches of(@Nullable Snapshot snapshot) {
    return snapshot == null
        ? NONE
        : ofText(snapshot.summary().getOrDefault(LinkSummary.CLOSED, ""));
  }

  private static ClosedBatches ofText(String text) {
    return text.isEmpty()
        ? NONE
        : new ClosedBatches(Arrays.stream(text.split(",", -1)).map(ClosedBatches::entry).toList());
  }

  private static ClosedBatch entry(String text) {
    int colon = text.indexOf(':');
    return new ClosedBatch(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
  }

  /** The list as the summary writes it: {@code batch:link,…}. */
  String text() {
    return batches.stream()
        .map(one -> one.batch() + ":" + one.link())
        .collect(Collectors.joining(","));
  }

  /** UUID of the closing link of a batch; empty if the list does not have the batch. */
  public Optional<String> link(long batch) {
    return batches.stream().filter(one -> one.batch() == batch).map(ClosedBatch::link).findFirst();
  }

  /** The greatest batch of the list; {@link BatchNumbers#NONE} for an empty list. */
  public long greatest() {
    return batches.isEmpty() ? BatchNumbers.NONE : batches.get(batches.size() - 1).batch();
  }

  /** The smallest batch of the list above a number; empty if there is none. */
  public Optional<ClosedBatch> next(long after) {
    return batches.stream().filter(one -> one.batch() > after).findFirst();
  }

  /** The list without the batches up to a number. */
  ClosedBatches above(long number) {
    return new ClosedBatches(batches.stream().filter(one -> one.batch() > number).toList());
  }

  /** The list with more batches. */
  ClosedBatches plus(List<ClosedBatch> more) {
    List<ClosedBatch> all = new ArrayList<>(batches);
    all.addAll(more);
    return new ClosedBatches(all);
  }
}
