package io.nova.sql.source.follow;

import io.nova.sql.source.enumerator.AssigningEnumerator;
import io.nova.sql.source.follow.FollowPlan.Step;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * The enumerator of a query that follows commits: assigns the files of the first snapshot, then the
 * files that each later snapshot appends. All calls come from Flink's coordinator thread; the table
 * is polled in another.
 */
public final class FollowEnumerator extends AssigningEnumerator {
  private final SplitEnumeratorContext<ScanSplit> context;
  private final Supplier<Step> beginning;
  private final FollowPlan plan;
  private final Duration checkInterval;
  private volatile Optional<Followed> followed;

  /**
   * An enumerator that continues from a state.
   *
   * @param beginning plans the first step of a new query
   * @param plan plans the later steps
   * @param checkInterval time between two polls of the table
   */
  public FollowEnumerator(
      SplitEnumeratorContext<ScanSplit> context,
      Supplier<Step> beginning,
      FollowPlan plan,
      Duration checkInterval,
      ScanState restored) {
    super(context, restored);
    this.context = context;
    this.beginning = beginning;
    this.plan = plan;
    this.checkInterval = checkInterval;
    this.followed = restored.followed();
  }

  @Override
  public void start() {
    if (isPlanned()) {
      poll();
    } else {
      context.callAsync(beginning::get, this::begin);
    }
  }

  private void begin(Step first, @Nullable Throwable failed) {
    advance(first, failed);
    poll();
  }

  private void poll() {
    context.callAsync(() -> plan.after(followed), this::advance, 0, checkInterval.toMillis());
  }

  void advance(Step step, @Nullable Throwable failed) {
    if (failed != null) {
      throw failure("Query that follows nova.events: it cannot continue.", failed);
    }
    // The next poll may have begun before this step arrived. Its step begins elsewhere.
    if (step.from().equals(followed)) {
      followed = step.to();
      add(step.splits());
    }
  }

  @Override
  protected Optional<Followed> followed() {
    return followed;
  }
}
