package io.nova.console.ask;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The runs of statements. Equal questions on one cut share a run, and a small answer is kept for
 * others who ask the same. Thread-safe.
 */
final class AskRuns {
  /** Time between two interrupts of a cancelled statement. */
  private static final long INTERRUPT_MILLIS = 20;

  /** Answers of the current cuts that are kept for others who ask the same. */
  private static final int KEPT_RUNS = 200;

  /** Rows of an answer that is kept. */
  private static final int KEPT_ROWS = 2_000;

  /** Characters of an answer that is kept. So all kept ones have at most 20 million. */
  private static final int KEPT_CHARS = 100_000;

  private final ScheduledExecutorService timer;
  private final Map<AskRun.Key, AskRun> runs = new LinkedHashMap<>();

  /**
   * No runs.
   *
   * @param timer interrupts cancelled statements
   */
  AskRuns(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** The run of this statement on this cut, which the caller must {@link #leave}. */
  synchronized AskRun join(AskRun.Key key) {
    AskRun run = runs.get(key);
    if (run == null || !run.join()) {
      run = new AskRun(key);
      runs.put(key, run);
      boolean unused = run.join();
      forgetOld();
    }
    return run;
  }

  /** Completed runs beyond a number are forgotten, the oldest first. */
  private void forgetOld() {
    Iterator<AskRun> all = runs.values().iterator();
    while (runs.size() > KEPT_RUNS && all.hasNext()) {
      if (all.next().rows().isDone()) {
        all.remove();
      }
    }
  }

  /** Completes a run. A large answer is forgotten before, so nobody finds it kept. */
  void complete(AskRun run, AnswerRows rows) {
    if (rows.rows().size() > KEPT_ROWS || rows.chars() > KEPT_CHARS) {
      forget(run);
    }
    run.rows().complete(rows);
  }

  /** Ends a run without an answer. The next equal question runs anew. */
  void fail(AskRun run, AskException reason) {
    forget(run);
    run.rows().completeExceptionally(reason);
  }

  private synchronized void forget(AskRun run) {
    runs.remove(run.key(), run);
  }

  /** Forgets runs of cuts before this one: nobody asks on them again. */
  synchronized void forgetBefore(int cut) {
    runs.values().removeIf(run -> run.key().cut() < cut && run.rows().isDone());
  }

  /** A question no longer waits. The last one cancels the statement. */
  void leave(AskRun run) {
    run.leave();
    if (run.isCancelled()) {
      forget(run);
      interruptUntilDone(run);
    }
  }

  private void interruptUntilDone(AskRun run) {
    if (run.rows().isDone() || timer.isShutdown()) {
      return;
    }
    ScheduledFuture<?> repeated =
        timer.scheduleWithFixedDelay(
            run::interrupt, INTERRUPT_MILLIS, INTERRUPT_MILLIS, TimeUnit.MILLISECONDS);
    CompletableFuture<AnswerRows> unused =
        run.rows().whenComplete((rows, failure) -> repeated.cancel(false));
  }

  /** The number of runs, also of those that are complete. */
  synchronized int size() {
    return runs.size();
  }
}
