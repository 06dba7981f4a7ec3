package io.nova.live.cut;

import io.nova.live.cut.Cut.View;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import java.io.IOException;
import java.util.List;

/** The live views of the job's subtasks, for a query. */
public interface LiveViews {
  /** The answer to a pin. */
  sealed interface Answer {
    /** A pinned view. The caller releases its lease. */
    record Pinned(PinnedView view) implements Answer {}

    /** No view; the reason is a sentence without its period that names the subtask. */
    record Refused(String reason) implements Answer {}
  }

  /**
   * Reads the announcements of one generation of the job.
   *
   * @param tableLocation folder of the table
   * @throws IOException if the announcements cannot be read
   */
  List<Announcement> announced(String tableLocation, String generation) throws IOException;

  /** Pins the view of each subtask. The answers are in the same order. */
  List<Answer> pin(List<Announcement> subtasks);

  /** Renews the leases of these views. A failure is seen by the next read of the view. */
  void renew(List<View> pinned);

  /** Releases the leases of these views. After a failure the lease expires. */
  void release(List<View> pinned);
}
