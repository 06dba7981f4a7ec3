package io.nova.sql.source.split;

import io.nova.live.protocol.Announcement;
import java.util.List;

/**
 * Open blocks of some shards of a pinned view.
 *
 * @param subtask where the view is served; its key groups are left out
 * @param lease under which it is pinned
 * @param shards whose open blocks
 * @param rows how many events these hold
 */
public record LiveRange(Announcement subtask, String lease, List<Integer> shards, long rows)
    implements SplitPart {
  public LiveRange {
    shards = List.copyOf(shards);
    if (rows < 0 || shards.isEmpty()) {
      throw new IllegalArgumentException(
          "Live view of subtask %s: impossible part of %s rows of shards %s"
              .formatted(subtask.subtask(), rows, shards));
    }
  }

  /** A part of the view of this subtask. */
  public static LiveRange of(Announcement subtask, String lease, List<Integer> shards, long rows) {
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
    return new LiveRange(address, lease, shards, rows);
  }

  /** What its rows name as their file. */
  public String source() {
    return "live/" + subtask.generation() + "/" + subtask.subtask();
  }

  @Override
  public String title() {
    return "Live view of subtask %d at %s:%d"
        .formatted(subtask.subtask(), subtask.host(), subtask.port());
  }
}
