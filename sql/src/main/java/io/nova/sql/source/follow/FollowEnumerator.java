package io.nova.sql.source.follow;

import io.nova.sql.source.enumerator.AssigningEnumerator;
import io.nova.sql.source.follow.FollowPlan.Step;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the table without an end: hands out what its snapshot held when the query began, then
 * what each later snapshot has appended. All calls come from Flink's coordinator thread; looking
 * alone happens beside it.
 */
public final class FollowEnumerator extends AssigningEnumerator {
  private final SplitEnumeratorContext<ScanSplit> context;
  private final Supplier<Step> beginning;
  private final FollowPlan plan;
  private final Duration checkInterval;
  private volatile Optional<Long> followed;

  /**
   * An enumerator that goes on from a state.
   *
   * @param beginning what a query that has not begun reads first
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
      look();
    } else {
      context.callAsync(beginning::get, this::begin);
    }
  }

  private void begin(Step first, @Nullable Throwable failed) {
    advance(first, failed);
    look();
  }

  private void look() {
    context.callAsync(() -> plan.after(followed), this::advance, 0, checkInterval.toMillis());
  }

  void advance(Step step, @Nullable Throwable failed) {
    if (failed != null) {
      throw new FlinkRuntimeException(
          "Query that follows nova.events: it cannot go on. " + failed.getMessage(), failed);
    }
    // The next look may have begun before this one was handled: its step is not from here.
    if (step.from().equals(followed)) {
      followed = step.to();
      take(step.splits());
    }
  }

  @Override
  protected Optional<Long> followed() {
    return followed;
  }
}
