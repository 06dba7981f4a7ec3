package io.nova.console.ask.cut;

import io.nova.console.ask.AskOptions;
import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.Cut;
import io.nova.live.cut.CutProtocol;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import java.io.Closeable;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes cuts. It owns the leases of a live cut until another does, so no lease outlives it.
 * Thread-safe.
 */
final class CutTaker implements Closeable {
  private final AskOptions options;
  private final EventTable table;
  private final EventTable liveTable;
  private final LiveClient client;
  private final Set<LeasedCut> leases = new HashSet<>();
  private boolean ended;

  /**
   * Takes cuts of a table.
   *
   * @param table the handle for committed cuts
   * @param liveTable the handle for live cuts, which another thread takes
   */
  CutTaker(AskOptions options, EventTable table, EventTable liveTable, LiveClient client) {
    this.options = options;
    this.table = table;
    this.liveTable = liveTable;
    this.client = client;
  }

  /** The current snapshot. Used by one thread. */
  LeasedCut committed() {
    return LeasedCut.committed(Cut.committed(table.refresh().iceberg()));
  }

  /** A live cut. Blocks until all key groups have answered. Used by one thread. */
  LeasedCut live() {
    ServedViews views = new ServedViews(client);
    LiveAccess access =
        new LiveAccess(Completeness.STRICT, options.liveToken(), options.liveWait());
    requireOpen();
    LeasedCut leased = LeasedCut.of(CutProtocol.over(liveTable, views, access).take(), views);
    try {
      synchronized (this) {
        requireOpen();
        leases.add(leased);
      }
      return leased;
    } catch (IllegalStateException e) {
      leased.close();
      throw e;
    }
  }

  private synchronized void requireOpen() {
    if (ended) {
      throw new IllegalStateException("The console ends. The statement did not run.");
    }
  }

  /** From now on another closes the leases of this cut, or they are closed. */
  synchronized void owned(LeasedCut leased) {
    boolean unused = leases.remove(leased);
  }

  /** Ends the taking: a cut that the job is about to give is closed when it comes. */
  synchronized void end() {
    ended = true;
  }

  /** Closes the leases that nobody else owns. */
  @Override
  public void close() {
    Set<LeasedCut> left;
    synchronized (this) {
      left = Set.copyOf(leases);
    }
    left.forEach(LeasedCut::close);
  }
}
