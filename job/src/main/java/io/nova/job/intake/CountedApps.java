package io.nova.job.intake;

import io.nova.event.Tally;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The apps that tallies tell apart: the first ones that were read. All others count as {@link
 * Tally#OTHER_APPS}. So tallies in state have a limit, whatever messages say.
 *
 * <p>A subtask adds apps only while all subtasks together knew fewer than {@link #MOST} at its
 * start. So at most that many are told apart for each subtask, also after restores and rescales.
 *
 * <p>Not thread safe.
 */
final class CountedApps {
  /** The number of apps from which no more are told apart. */
  static final int MOST = 500;

  private final Set<String> told;
  private int left;
  private String lastApp = Tally.NO_APP;
  private String last = Tally.NO_APP;

  /**
   * The apps of a subtask that begins.
   *
   * @param restored the apps that the subtasks told apart before
   */
  CountedApps(Collection<String> restored) {
    told = new HashSet<>(restored);
    left = Math.max(0, MOST - told.size());
    told.add(Tally.NO_APP);
  }

  /** The name that an app counts as. */
  String of(String app) {
    if (!app.equals(lastApp)) {
      last = name(app);
      lastApp = app;
    }
    return last;
  }

  private String name(String app) {
    if (told.contains(app)) {
      return app;
    }
    if (left == 0) {
      return Tally.OTHER_APPS;
    }
    left--;
    told.add(app);
    return app;
  }
}
