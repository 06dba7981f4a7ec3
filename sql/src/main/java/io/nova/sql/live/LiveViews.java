package io.nova.sql.live;

import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.sql.live.Cut.View;
import java.io.IOException;
import java.util.List;

/** The live views of a job's subtasks, as a query reaches them. */
public interface LiveViews {
  /** What became of a pin. */
  sealed interface Answer {
    /** The view, which the caller releases. */
    record Pinned(PinnedView view) implements Answer {}

    /** There is none: a sentence that names the subtask and the reason. */
    record Refused(String why) implements Answer {}
  }

  /**
   * The announcements of one run of the job.
   *
   * @param tableLocation the folder of the table
   */
  List<Announcement> announced(String tableLocation, String generation) throws IOException;

  /** Pins the view of each of these subtasks; the answers in the same order. */
  List<Answer> pin(List<Announcement> subtasks);

  /** Keeps the leases of these from expiring; where that fails, the next reader finds out. */
  void renew(List<View> pinned);

  /** Gives the leases of these back; where that fails, they expire. */
  void release(List<View> pinned);
}
