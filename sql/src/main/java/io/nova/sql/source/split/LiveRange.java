package io.nova.sql.source.split;

import io.nova.live.protocol.Announcement;
import java.util.List;

/**
 * The open blocks of some shards of a pinned view.
 *
 * @param subtask address of the view's server, without key groups
 * @param lease name of the lease that pins the view
 * @param shards numbers of the shards; at least one
 * @param completed rows of batches up to this one are left out; {@link
 *     io.nova.handoff.BatchNumbers#NONE} if the view has none of them
 * @param rows number of events in the open blocks of other batches
 */
public record LiveRange(
    Announcement subtask, String lease, List<Integer> shards, long completed, long rows)
    implements SplitPart {
  /**
   * Checks shards and rows.
   *
   * @throws IllegalArgumentException if there is no shard, or the number of rows is negative
   */
  public LiveRange {
    shards = List.copyOf(shards);
    if (rows < 0 || shards.isEmpty()) {
      throw new IllegalArgumentException(
          "Live view of subtask %s: impossible part of %s rows of shards %s"
              .formatted(subtask.subtask(), rows, shards));
    }
  }

  /** A part of this subtask's view. */
  public static LiveRange of(
      Announcement subtask, String lease, List<Integer> shards, long completed, long rows) {
    Announcement address =
        new Announcement(
            subtask.version(),
            subtask.generation(),
            subtask.subtask(),
            subtask.attempt(),
            subtask.host(),
            subtask.port(),
            subtask.tls(),
            subtask.token(),
            subtask.drained(),
            List.of());
    return new LiveRange(address, lease, shards, completed, rows);
  }

  /** The value of the rows' column {@code source_file}. */
  public String source() {
    return "live/" + subtask.generation() + "/" + subtask.subtask();
  }

  @Override
  public String title() {
    return "Live view of subtask %d at %s:%d"
        .formatted(subtask.subtask(), subtask.host(), subtask.port());
  }
}
