package io.nova.sql.source.follow;

import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.source.split.SplitPart;
import java.util.List;
import java.util.Optional;

/**
 * One step of a query that follows memory and table.
 *
 * @param cut what is read, until it is closed
 * @param window whose rows of it
 * @param parts where these may be
 * @param token what the column {@code read_token} says
 * @param checkpoint the checkpoint that holds what is shown; empty where that is not known
 * @param snapshotId the snapshot of which all is shown after the step; empty for none
 */
record TailStep(
    LeasedCut cut,
    OffsetWindow window,
    List<SplitPart> parts,
    String token,
    Optional<RunCheckpoint> checkpoint,
    Optional<Long> snapshotId) {
  TailStep {
    parts = List.copyOf(parts);
  }
}
