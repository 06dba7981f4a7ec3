package io.nova.sql.live;

import io.nova.live.Announcement;
import io.nova.live.PinnedView;
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

  /** Keeps a lease from expiring; where that fails, its next reader finds out. */
  void renew(Announcement subtask, String lease);

  /** Gives a lease back; where that fails, it expires. */
  void release(Announcement subtask, String lease);
}
