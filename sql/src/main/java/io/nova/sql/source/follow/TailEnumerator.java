package io.nova.sql.source.follow;

import io.nova.sql.source.enumerator.AssigningEnumerator;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import io.nova.sql.source.split.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Begins a query that follows memory and table: hands out what is committed, and behind it one
 * split that never ends, whose reader goes on by itself. All calls come from Flink's coordinator
 * thread; planning alone happens beside it.
 */
public final class TailEnumerator extends AssigningEnumerator {
  static final String TAIL = "tail";

  private final SplitEnumeratorContext<ScanSplit> context;
  private final Supplier<FollowPlan.Step> beginning;

  /**
   * An enumerator that goes on from a state, also from that of a {@link FollowEnumerator}, which
   * alone names a snapshot: its query has shown all of it, and nothing else.
   *
   * @param beginning what is committed
   */
  public TailEnumerator(
      SplitEnumeratorContext<ScanSplit> context,
      Supplier<FollowPlan.Step> beginning,
      ScanState restored) {
    super(context, restored);
    this.context = context;
    this.beginning = beginning;
    if (isPlanned() && restored.followed().isPresent()) {
      take(List.of(tailBehind(restored.followed())));
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
      throw new FlinkRuntimeException(
          "Query that follows nova.events: it cannot begin. " + failed.getMessage(), failed);
    }
    ArrayList<ScanSplit> splits = new ArrayList<>(first.splits());
    splits.add(tailBehind(first.to()));
    take(splits);
  }

  private static ScanSplit tailBehind(Optional<Long> snapshotId) {
    return new ScanSplit(TAIL, "", List.of(Tail.behind(snapshotId)), 0);
  }
}
