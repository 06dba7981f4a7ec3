package io.nova.sql.source.follow;

import io.nova.live.cut.LeasedCut;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.source.split.SplitPart;
import java.util.List;
import java.util.Optional;

/**
 * One step of a query that follows live views and table.
 *
 * @param cut the cut that is read; the reader closes it
 * @param window the offsets whose rows are shown
 * @param parts the parts of the cut that may have such rows
 * @param token the value of the column {@code read_token}; empty if the query does not read it
 * @param checkpoint the job's checkpoint that has all shown rows; empty if it is not known
 * @param snapshotId the snapshot whose rows have all been shown after the step; empty for none
 */
record TailStep(
    LeasedCut cut,
    OffsetWindow window,
    List<SplitPart> parts,
    String token,
    Optional<RunCheckpoint> checkpoint,
    Optional<Long> snapshotId) {
  /** Copies the list. */
  TailStep {
    parts = List.copyOf(parts);
  }
}
