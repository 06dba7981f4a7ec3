package io.nova.iceberg.commit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot says of itself to those who do not write the table.
 *
 * @param snapshotId Iceberg's id
 * @param uuid the link of the commit chain whose content it has
 * @param generation the run of the job that made it
 * @param sequences of each shard, the last sealed block that it holds; empty before any
 */
public record SnapshotMark(long snapshotId, String uuid, String generation, List<Long> sequences) {
  public SnapshotMark {
    sequences = List.copyOf(sequences);
  }

  /** The mark of a snapshot; empty for none, and for one that is not Nova's. */
  public static Optional<SnapshotMark> of(@Nullable Snapshot snapshot) {
    return snapshot == null
        ? Optional.empty()
        : LinkSummary.of(snapshot)
            .map(
                link ->
                    new SnapshotMark(
                        snapshot.snapshotId(),
                        link.uuid(),
                        link.generation(),
                        sequences(snapshot.summary().getOrDefault(LinkSummary.SEQUENCES, ""))));
  }

  private static List<Long> sequences(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
  }

  /** The last sealed block of a shard that it holds, 0 for none. */
  public long sequence(int shard) {
    return sequences.isEmpty() ? 0 : sequences.get(shard);
  }
}
