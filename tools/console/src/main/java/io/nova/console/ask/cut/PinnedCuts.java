package io.nova.console.ask.cut;

import io.nova.cli.ask.ConsoleClient;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.AskOptions;
import io.nova.console.ask.CutPins;
import io.nova.console.ask.LoadWait;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Cut;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.ServedViews;
import io.nova.live.cut.StoredCut;
import io.nova.live.cut.StoredCuts;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pinned cuts. A pin uses its cut and keeps its leases, until it is released, its time is over,
 * or a server no longer has its rows. Thread-safe.
 */
public final class PinnedCuts implements CutPins, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedCuts.class);

  /** Pinned cuts at once. Each keeps rows in the memory of the console and of the job. */
  private static final int MOST_PINS = 8;

  /** The leases of a pinned cut are checked by a question after this time. */
  private static final Duration CHECKED = Duration.ofMillis(300);

  private final AskOptions options;
  private final EventTable table;
  private final AskCuts cuts;
  private final LiveClient client;
  private final LongSupplier nanoClock;
  private final Map<String, Pin> pins = new HashMap<>();

  /** Pins that are being taken. */
  private int pinning;

  private boolean ended;

  /** A pinned cut. */
  private static final class Pin {
    private final AskCut cut;
    private final LeasedCut leased;
    private final StoredCut stored;
    private long checkedNanos;
    private String lost = "";

    private Pin(AskCut cut, LeasedCut leased, StoredCut stored, long checkedNanos) {
      this.cut = cut;
      this.leased = leased;
      this.stored = stored;
      this.checkedNanos = checkedNanos;
    }
  }

  /**
   * No pins.
   *
   * @param cuts takes, loads and removes the cuts
   */
  PinnedCuts(
      AskOptions options,
      EventTable table,
      AskCuts cuts,
      LiveClient client,
      LongSupplier nanoClock) {
    this.options = options;
    this.table = table;
    this.cuts = cuts;
    this.client = client;
    this.nanoClock = nanoClock;
  }

  @Override
  public String pin(Duration longest) throws AskException {
    return pin(longest, ConsoleClient.PIN_WAIT);
  }

  /**
   * Pins a new live cut. A pin that is complete after the wait is released at once.
   *
   * @param longest the time after which it is released by itself
   * @return its id
   * @throws AskException if no cut can be taken or stored in time, or too many are pinned
   */
  public String pin(Duration longest, Duration wait) throws AskException {
    beginPin();
    CompletableFuture<String> pending =
        cuts.withLiveCut(leased -> pinned(leased, longest)).whenComplete((id, failure) -> endPin());
    try {
      return LoadWait.of(wait).await(pending);
    } catch (AskException e) {
      CompletableFuture<Void> unused = pending.thenAccept(this::release);
      throw e;
    }
  }

  private synchronized void beginPin() throws AskException {
    if (pins.size() + pinning >= MOST_PINS) {
      throw new AskException(
          Kind.UNAVAILABLE,
          "%d cuts are pinned, the most at once. Nothing was pinned. Release one, or wait until one ends by itself."
              .formatted(MOST_PINS));
    }
    pinning++;
  }

  private synchronized void endPin() {
    pinning--;
  }

  private String pinned(LeasedCut leased, Duration longest) {
    StoredCut written = null;
    boolean pinned = false;
    try {
      Cut cut = withBatches(leased.cut());
      StoredCut stored =
          StoredCut.of(
              UUID.randomUUID().toString(), System.currentTimeMillis() + longest.toMillis(), cut);
      AskCut made = cuts.load(cut);
      // A cut that cannot be stored is not used, so it is removed with the next unused one.
      new StoredCuts(table.location()).write(stored);
      written = stored;
      add(new Pin(made, leased, stored, nanoClock.getAsLong()));
      CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> release(stored.id()));
      pinned = true;
      return stored.id();
    } catch (IOException | SQLException e) {
      throw new CompletionException(e);
    } finally {
      if (!pinned) {
        leased.close();
        if (written != null) {
          removeFile(written);
        }
      }
    }
  }

  /** Both engines read the same snapshot of the batch layer. */
  private Cut withBatches(Cut cut) {
    if (cut.completed() == BatchNumbers.NONE) {
      return cut;
    }
    Optional<Long> snapshot =
        BatchTable.find(options.catalog()).map(Table::currentSnapshot).map(Snapshot::snapshotId);
    return cut.withBatches(snapshot);
  }

  private synchronized void add(Pin pin) {
    if (ended) {
      throw new IllegalStateException("The console ends. The statement did not run.");
    }
    cuts.use(pin.cut);
    pins.put(pin.stored.id(), pin);
  }

  /**
   * A pinned cut for a question, which must {@link AskCuts#release} it.
   *
   * @throws AskException if there is none, or it is lost
   */
  public AskCut use(String id) throws AskException {
    Pin pin;
    synchronized (this) {
      pin = pins.get(id);
      if (pin == null) {
        throw new AskException(
            Kind.UNAVAILABLE, StoredCut.lost(id, "no pinned cut has this id, or it was released"));
      }
      // While it is among the pins, the pin itself uses the cut.
      cuts.use(pin.cut);
    }
    try {
      requireServed(id, pin);
      return pin.cut;
    } catch (AskException e) {
      cuts.release(pin.cut);
      release(id);
      throw e;
    }
  }

  /** Rows that no server has any more are not shown, though they are loaded: the cut is lost. */
  private void requireServed(String id, Pin pin) throws AskException {
    synchronized (pin) {
      if (pin.lost.isEmpty() && nanoClock.getAsLong() - pin.checkedNanos > CHECKED.toNanos()) {
        pin.checkedNanos = nanoClock.getAsLong();
        pin.lost =
            new ServedViews(client).renew(pin.leased.cut().views()).stream().findFirst().orElse("");
      }
      if (!pin.lost.isEmpty()) {
        throw new AskException(Kind.UNAVAILABLE, StoredCut.lost(id, pin.lost));
      }
    }
  }

  /** Releases a pinned cut, its leases and its file. */
  @Override
  public void release(String id) {
    Pin pin;
    synchronized (this) {
      pin = pins.remove(id);
    }
    if (pin == null) {
      return;
    }
    pin.leased.close();
    removeFile(pin.stored);
    cuts.release(pin.cut);
  }

  private void removeFile(StoredCut stored) {
    try {
      new StoredCuts(table.location()).remove(stored);
    } catch (IOException e) {
      LOG.warn("The file of pinned cut {} was not removed: {}", stored.id(), e.getMessage());
    }
  }

  /** Releases all pinned cuts, and takes no other. */
  @Override
  public void close() {
    Set<String> pinned;
    synchronized (this) {
      ended = true;
      pinned = Set.copyOf(pins.keySet());
    }
    pinned.forEach(this::release);
  }
}
