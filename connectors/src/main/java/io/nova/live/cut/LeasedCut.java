package io.nova.live.cut;

import io.nova.iceberg.EventTable;
import java.io.Closeable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A cut whose leases are renewed until it is closed, however slowly it is read. A server ends every
 * lease at its own maximum age.
 */
public final class LeasedCut implements Closeable {
  /** Renewals in the lifetime of a lease: one of them may fail. */
  private static final int RENEWALS = 3;

  private final Cut cut;
  private final Runnable release;

  private LeasedCut(Cut cut, Runnable release) {
    this.cut = cut;
    this.release = release;
  }

  /** A cut that has no leases, since it has no views. */
  public static LeasedCut committed(Cut cut) {
    return new LeasedCut(cut, () -> {});
  }

  /** A cut whose leases another process renews and releases. */
  public static LeasedCut borrowed(Cut cut) {
    return new LeasedCut(cut, () -> {});
  }

  /**
   * The cut of a live query: the pinned one that it names, else a new one.
   *
   * @throws IncompleteReadException if the query is strict and some key groups do not answer
   * @throws LostCutException if the pinned cut cannot be read any more
   */
  public static LeasedCut take(EventTable table, LiveViews views, LiveAccess access) {
    return access.cut().isEmpty()
        ? of(CutProtocol.over(table, views, access).take(), views)
        : borrowed(StoredCuts.load(access.cut(), table, views));
  }

  /** A cut with the leases of its views, which are released when it is closed. */
  public static LeasedCut of(Cut cut, LiveViews views) {
    ScheduledExecutorService renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "nova-leases");
              thread.setDaemon(true);
              return thread;
            });
    cut.views().stream()
        .mapToLong(view -> Math.max(1, view.pinned().leaseMillis() / RENEWALS))
        .min()
        .ifPresent(
            period -> {
              ScheduledFuture<?> unused =
                  renewals.scheduleWithFixedDelay(
                      () -> views.renew(cut.views()), period, period, TimeUnit.MILLISECONDS);
            });
    return new LeasedCut(
        cut,
        () -> {
          renewals.shutdownNow();
          views.release(cut.views());
        });
  }

  /** A cut with the same leases. This one must not be closed any more. */
  public LeasedCut with(Cut changed) {
    return new LeasedCut(changed, release);
  }

  /** The cut. */
  public Cut cut() {
    return cut;
  }

  /** Releases all leases. */
  @Override
  public void close() {
    release.run();
  }
}
