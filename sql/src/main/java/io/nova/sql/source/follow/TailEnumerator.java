package io.nova.sql.source.follow;

import io.nova.sql.source.enumerator.AssigningEnumerator;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import io.nova.sql.source.split.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * The enumerator of a query that follows live views and table. It assigns the committed files, and
 * then one endless split, whose reader needs no other. All calls come from Flink's coordinator
 * thread; the plan is made in another.
 */
public final class TailEnumerator extends AssigningEnumerator {
  static final String TAIL = "tail";

  private final SplitEnumeratorContext<ScanSplit> context;
  private final Supplier<FollowPlan.Step> beginning;

  /**
   * An enumerator that continues from a state, also from that of a {@link FollowEnumerator}. Only
   * the latter names a snapshot: its query has shown all rows of that snapshot and no others.
   *
   * @param beginning plans the committed files of a new query
   */
  public TailEnumerator(
      SplitEnumeratorContext<ScanSplit> context,
      Supplier<FollowPlan.Step> beginning,
      ScanState restored) {
    super(context, restored);
    this.context = context;
    this.beginning = beginning;
    if (isPlanned() && restored.followed().isPresent()) {
      add(List.of(tailAfter(restored.followed())));
    }
  }

  @Override
  public void start() {
    if (!isPlanned()) {
      context.callAsync(beginning::get, this::begin);
    }
  }

  private void begin(FollowPlan.Step first, @Nullable Throwable failed) {
    if (failed != null) {
      throw failure("Query that follows nova.events: it cannot begin.", failed);
    }
    ArrayList<ScanSplit> splits = new ArrayList<>(first.splits());
    splits.add(tailAfter(first.to()));
    add(splits);
  }

  private static ScanSplit tailAfter(Optional<Followed> followed) {
    return new ScanSplit(TAIL, "", List.of(Tail.after(followed)), 0);
  }
}
