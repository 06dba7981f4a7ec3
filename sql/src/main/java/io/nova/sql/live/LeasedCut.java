package io.nova.sql.live;

import java.io.Closeable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A cut whose leases are kept alive until it is closed, however slowly it is read; a lease ends in
 * any case at the age that its server allows.
 */
public final class LeasedCut implements Closeable {
  /** Renewals within the life of a lease, so that one may get lost. */
  private static final int RENEWALS = 3;

  private final Cut cut;
  private final LiveViews views;
  private final ScheduledExecutorService renewals;

  /** Holds this cut, whose leases it gives back in the end. */
  public LeasedCut(Cut cut, LiveViews views) {
    this.cut = cut;
    this.views = views;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "nova-leases");
              thread.setDaemon(true);
              return thread;
            });
    cut.views().stream()
        .mapToLong(view -> view.pinned().leaseMillis())
        .min()
        .ifPresent(this::renewEvery);
  }

  private void renewEvery(long leaseMillis) {
    long period = Math.max(1, leaseMillis / RENEWALS);
    ScheduledFuture<?> unused =
        renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  private void renew() {
    views.renew(cut.views());
  }

  /** The cut. */
  public Cut cut() {
    return cut;
  }

  /** Gives all leases back. */
  @Override
  public void close() {
    renewals.shutdownNow();
    views.release(cut.views());
  }
}
