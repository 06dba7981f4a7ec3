package io.nova.job.table;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.iceberg.lifecycle.DiskLeft;
import io.nova.iceberg.lifecycle.HandoffBacklog;
import io.nova.iceberg.lifecycle.LifecycleFigures;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import io.nova.job.options.HandoffSettings;
import io.nova.job.options.LifecycleSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Supplier;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task that removes what is old: files of completed batches, tags, snapshots, unnamed files. A
 * run consists of small steps. Other work of the task thread, such as a checkpoint, comes between
 * them. Belongs to the task thread.
 */
final class LifecycleTask {
  private static final Logger LOG = LoggerFactory.getLogger(LifecycleTask.class);

  private static final long UNKNOWN = -1;

  private final EventTable table;
  private final CommitChain chain;
  private final TableHandoff handoff;
  private final TableLifecycle lifecycle;
  private final HandoffSettings batches;
  private final LifecycleSettings settings;
  private final Supplier<NamedByState> named;
  private final ProcessingTimeService timers;
  private final Clock clock = Clock.systemUTC();
  private boolean begun;
  private boolean asked;
  private boolean running;
  private volatile long diskDays = UNKNOWN;
  private volatile LifecycleFigures figures = new LifecycleFigures(0, 0, 0, 0);

  /**
   * The task of a run of the job.
   *
   * @param named what the job's state names when it is asked
   */
  LifecycleTask(
      EventTable table,
      CommitChain chain,
      HandoffSettings batches,
      LifecycleSettings settings,
      Supplier<NamedByState> named,
      ProcessingTimeService timers) {
    this.table = table;
    this.chain = chain;
    this.handoff = new TableHandoff(chain);
    this.lifecycle =
        new TableLifecycle(
            table,
            chain,
            new Retention(settings.savepointRetention(), settings.filesMinAge()),
            clock);
    this.batches = batches;
    this.settings = settings;
    this.named = named;
    this.timers = timers;
  }

  /**
   * Begins a run from time to time. To be called once the job has a checkpoint of its own: until
   * then it may restart from an older state, which needs more tags and snapshots.
   */
  void begin() {
    if (!begun) {
      begun = true;
      runFromTimeToTime();
      if (asked) {
        run();
      }
    }
  }

  private void runFromTimeToTime() {
    after(
        settings.interval(),
        () -> {
          run();
          runFromTimeToTime();
        });
  }

  /** Begins a run, unless one is under way. Before the first checkpoint it waits for that. */
  void run() {
    asked = true;
    if (begun && !running) {
      running = true;
      after(Duration.ZERO, this::firstStep);
    }
  }

  private void after(Duration delay, Runnable work) {
    ScheduledFuture<?> unused =
        timers.registerTimer(
            timers.getCurrentProcessingTime() + delay.toMillis(), now -> work.run());
  }

  private void firstStep() {
    step(
        () -> {
          handoff.remove(clock.instant(), batches.grace());
          handoff.dropTags(clock.instant(), settings.savepointRetention());
          return true;
        });
  }

  private interface Step {
    /** Does a part; false if it was the last one. */
    boolean run();
  }

  /** A storage that does not answer ends the run. A second writer ends the job. */
  private void step(Step step) {
    try {
      running = step.run();
    } catch (IllegalStateException secondWriter) {
      throw secondWriter;
    } catch (RuntimeException storage) {
      running = false;
      LOG.warn("The lifecycle task stops and goes on in {}.", settings.interval(), storage);
    }
    if (running) {
      after(Duration.ZERO, () -> step(this::nextStep));
    }
  }

  private boolean nextStep() {
    boolean more = lifecycle.step(named.get());
    if (!more) {
      figures = lifecycle.figures();
      warn();
    }
    return more;
  }

  private void warn() {
    Duration batchLength = table.rules().batchLength();
    OptionalLong left = DiskLeft.days(table.iceberg(), batchLength);
    diskDays = left.orElse(UNKNOWN);
    new BacklogAlarm(HandoffBacklog.of(chain.handoff()), left, batchLength)
        .warnings(clock.millis())
        .forEach(LOG::warn);
  }

  /**
   * The days for which the disk lasts, after the last run; -1 where unknown. Any thread may ask.
   */
  long diskDays() {
    return diskDays;
  }

  /** Figures of the table after the last run; zeros before any. Any thread may ask. */
  LifecycleFigures figures() {
    return figures;
  }
}
