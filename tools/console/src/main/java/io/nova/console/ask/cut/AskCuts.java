package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskOptions;
import io.nova.console.ask.LoadWait;
import io.nova.console.ask.QueryThreads;
import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Cut;
import io.nova.live.cut.LeasedCut;
import io.nova.system.SystemRow;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cuts that questions read. A cut is taken when somebody asks and the last one is older than
 * the least time between two cuts. All questions share it.
 *
 * <p>One thread loads the rows of cuts and removes old ones. A cut becomes the current one after
 * all of its rows are committed, so a question sees one cut as a whole. If a cut fails, the
 * questions that wait for it fail with its reason, and no later cut reads its rows. Thread-safe.
 */
public final class AskCuts implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AskCuts.class);

  /** A cut that nobody has asked for this long is removed, with its rows. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final AskOptions options;
  private final EventTable table;
  private final LongSupplier nanoClock;
  private final CutTaker taker;
  private final CutLoader loader;
  private final LambdaViews lambdas;
  private final PinnedCuts pins;
  private final ExecutorService loading = QueryThreads.pool(1, "nova-ask-cuts");

  /** Takes live cuts. While it waits for the job, committed reads go on. */
  private final ExecutorService taking = QueryThreads.pool(1, "nova-ask-cuts");

  private final Current live = new Current();
  private final Current committed = new Current();

  /** The cuts that are loaded. The loading thread alone changes them. */
  private final Set<AskCut> alive = new HashSet<>();

  /** The last cut of one kind. */
  private static final class Current {
    private @Nullable AskCut cut;
    private long askedNanos;
    private @Nullable CompletableFuture<AskCut> pending;
  }

  /**
   * The cuts of a table.
   *
   * @param liveTable a handle of its own for live cuts, which another thread takes
   * @param nanoClock a clock as {@link System#nanoTime}
   * @throws SQLException if DuckDB gives no connection
   */
  public AskCuts(
      AskOptions options,
      EventTable table,
      EventTable liveTable,
      AskDatabase database,
      FileCache cache,
      LongSupplier nanoClock)
      throws SQLException {
    AskColumns columns = new AskColumns(table.iceberg().schema());
    RowStore store = new RowStore(database.connect(), columns, options.tableRows());
    LiveClient client = new LiveClient(options.tls(), options.liveToken(), Duration.ofSeconds(10));
    this.options = options;
    this.table = table;
    this.nanoClock = nanoClock;
    this.taker = new CutTaker(options, table, liveTable, client);
    this.loader = new CutLoader(table, columns, store, cache, client);
    this.lambdas = new LambdaViews(options.catalog(), columns, store, cache);
    this.pins = new PinnedCuts(options, table, this, client, nanoClock);
  }

  /** The pinned cuts. They end with this object. */
  public PinnedCuts pins() {
    return pins;
  }

  /**
   * The current cut for a question, which must {@link #release} it. A cut that another question
   * waits for serves this one too, unless it was taken too long before this one.
   *
   * @param ofLive whether live views are read
   * @throws AskException if there is none
   */
  public AskCut use(boolean ofLive, LoadWait wait) throws AskException {
    Current current = ofLive ? live : committed;
    long beginNanos = nanoClock.getAsLong();
    while (true) {
      CompletableFuture<AskCut> pending;
      synchronized (this) {
        current.askedNanos = nanoClock.getAsLong();
        AskCut last = current.cut;
        if (last != null && nanoClock.getAsLong() - last.takenNanos < options.refresh().toNanos()) {
          last.users++;
          return last;
        }
        pending = current.pending;
        if (pending == null) {
          pending = refresh(current, ofLive);
          current.pending = pending.isDone() ? null : pending;
        }
      }
      AskCut taken = wait.await(pending);
      synchronized (this) {
        boolean fresh = beginNanos - taken.takenNanos <= options.refresh().toNanos();
        if (fresh && !taken.closed) {
          taken.users++;
          return taken;
        }
      }
    }
  }

  /** Takes and loads a new cut, which becomes the current one. */
  private CompletableFuture<AskCut> refresh(Current current, boolean ofLive) {
    long takenNanos = nanoClock.getAsLong();
    Function<LeasedCut, AskCut> load = leased -> loaded(current, leased, takenNanos);
    CompletableFuture<AskCut> taken =
        ofLive
            ? withLiveCut(load)
            : CompletableFuture.supplyAsync(taker::committed, loading)
                .thenApplyAsync(load, loading);
    return taken.whenComplete((cut, failure) -> ended(current));
  }

  private synchronized void ended(Current current) {
    current.pending = null;
  }

  /**
   * Takes a live cut, and hands it to an action of the loading thread. The action owns its leases.
   */
  <T> CompletableFuture<T> withLiveCut(Function<LeasedCut, T> action) {
    return CompletableFuture.supplyAsync(taker::live, taking)
        .thenApplyAsync(
            leased -> {
              try {
                return action.apply(leased);
              } finally {
                taker.owned(leased);
              }
            },
            loading);
  }

  private AskCut loaded(Current current, LeasedCut leased, long takenNanos) {
    AskCut taken;
    try (leased) {
      taken = load(leased.cut());
    } catch (IOException | SQLException e) {
      throw new CompletionException(e);
    }
    synchronized (this) {
      retire(current);
      taken.current = true;
      current.cut = taken;
      taken.takenNanos = takenNanos;
    }
    removeUnused();
    return taken;
  }

  /** Loads a cut, which is removed with the next unused ones. For the loading thread. */
  AskCut load(Cut cut) throws IOException, SQLException {
    AskCut made = null;
    try {
      made = loader.load(cut, loaded());
    } finally {
      if (made == null) {
        // The rows of a load that failed are in tables that nobody names.
        removeUnused();
      }
    }
    synchronized (this) {
      alive.add(made);
    }
    return made;
  }

  private synchronized Set<AskCut> loaded() {
    return Set.copyOf(alive);
  }

  private void retire(Current current) {
    AskCut old = current.cut;
    if (old != null) {
      old.current = false;
      current.cut = null;
    }
  }

  /**
   * Makes the view {@code lambda_events} of a cut that the caller uses, unless it is there.
   *
   * @throws AskException if the batch layer's table cannot be read
   */
  public AskCut.Lambda lambda(AskCut cut, LoadWait wait) throws AskException {
    return wait.await(CompletableFuture.supplyAsync(() -> lambdaOf(cut), loading));
  }

  private AskCut.Lambda lambdaOf(AskCut cut) {
    try {
      return lambdas.of(cut);
    } catch (IOException | SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** The rows of a system table for a cut that the caller uses. Blocks while manifests are read. */
  public List<SystemRow> systemRows(AskCut cut, String name) {
    return cut.systemRows()
        .computeIfAbsent(name, first -> SystemViews.rows(first, table, cut.cut()));
  }

  /** Uses a cut once more. The caller uses it already. */
  public synchronized void use(AskCut cut) {
    cut.users++;
  }

  /** Ends the use of a cut. */
  public void release(AskCut cut) {
    boolean unused;
    synchronized (this) {
      cut.users--;
      unused = cut.users == 0 && !cut.current;
    }
    if (unused && !loading.isShutdown()) {
      loading.execute(this::removeUnused);
    }
  }

  /** Removes cuts that nobody has asked for, also while nobody asks at all. */
  public void sweep() {
    if (!loading.isShutdown()) {
      loading.execute(this::removeUnused);
    }
  }

  /** Removes cuts that nobody uses, and their views, files and rows. */
  private void removeUnused() {
    try {
      retireIdle();
      unused().forEach(this::remove);
      if (loaded().stream().allMatch(cut -> cut.cut().views().isEmpty())) {
        loader.forgetOpenBlocks();
      }
      loader.removeRowsExceptOf(loaded());
    } catch (SQLException e) {
      LOG.warn("Old cuts of the fast path were not removed: {}", e.getMessage());
    }
  }

  private synchronized void retireIdle() {
    for (Current current : List.of(live, committed)) {
      if (current.cut != null && nanoClock.getAsLong() - current.askedNanos > IDLE.toNanos()) {
        retire(current);
      }
    }
  }

  private synchronized List<AskCut> unused() {
    List<AskCut> unused = alive.stream().filter(cut -> cut.users == 0 && !cut.current).toList();
    unused.forEach(cut -> cut.closed = true);
    return unused;
  }

  /** Removes a cut. One that cannot be removed is tried again with the next ones. */
  private void remove(AskCut cut) {
    try {
      loader.remove(cut);
    } catch (SQLException e) {
      LOG.warn("A cut of the fast path was not removed: {}", e.getMessage());
      return;
    }
    synchronized (this) {
      alive.remove(cut);
    }
  }

  /** The number of cuts that are the current ones, used or pinned. */
  public synchronized int alive() {
    return alive.size();
  }

  /** Releases all leases, and forgets all cuts. */
  @Override
  public void close() {
    taker.end();
    pins.close();
    // An interrupt would lose the leases that the job is about to give. They are closed at its end.
    taking.shutdown();
    loading.shutdownNow();
    try {
      loading.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    taker.close();
    loader.close();
  }
}
