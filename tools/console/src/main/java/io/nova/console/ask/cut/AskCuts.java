package io.nova.console.ask.cut;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.AskOptions;
import io.nova.console.ask.AwaitedLoad;
import io.nova.console.ask.QueryThreads;
import io.nova.console.ask.cut.AskCut.Size;
import io.nova.console.ask.cut.EventViews.Parquet;
import io.nova.console.ask.cut.LoadedRows.Part;
import io.nova.console.ask.cut.RowStore.RowTable;
import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.Cut;
import io.nova.live.cut.CutProtocol;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.live.cut.StoredCut;
import io.nova.live.cut.StoredCuts;
import io.nova.system.SystemRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cuts that questions read. A cut is taken when somebody asks and the last one is older than
 * the least time between two cuts. All questions share it.
 *
 * <p>One thread takes cuts, loads their rows and removes old ones. A cut becomes the current one
 * after all of its rows are committed, so a question sees one cut as a whole. If a cut fails, the
 * questions that wait for it fail with its reason, and nothing of it stays. Thread-safe.
 */
public final class AskCuts implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AskCuts.class);

  /** A cut that nobody has asked for this long is removed, with its rows. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  /** Longest wait for a pin beyond the wait for a live cut. */
  private static final Duration PIN_WAIT = Duration.ofMinutes(1);

  /** Pinned cuts at once. Each keeps rows in the memory of the console and of the job. */
  private static final int MOST_PINS = 8;

  /** The leases of a pinned cut are checked by a question after this time. */
  private static final Duration CHECKED = Duration.ofMillis(300);

  private final AskOptions options;
  private final EventTable table;
  private final EventTable liveTable;
  private final AskColumns columns;
  private final RowStore store;
  private final FileCache cache;
  private final LiveClient client;
  private final LongSupplier nanoClock;
  private final ExecutorService loader =
      Executors.newSingleThreadExecutor(QueryThreads.named("nova-ask-cuts"));

  /** Takes live cuts. While it waits for the job, committed reads go on. */
  private final ExecutorService taker =
      Executors.newSingleThreadExecutor(QueryThreads.named("nova-ask-cuts"));

  private final Current live = new Current();
  private final Current committed = new Current();
  private final Set<AskCut> alive = new HashSet<>();
  private final Map<String, Pin> pins = new HashMap<>();

  /** Cuts that are taken and not loaded. Their leases end with this object. */
  private final Set<LeasedCut> leases = new HashSet<>();

  private boolean ended;

  /** Pins that are being taken. */
  private int pinning;

  private LoadedRows loaded = LoadedRows.NONE;
  private @Nullable Planned planned;
  private int cuts;

  /** The last cut of one kind. */
  private static final class Current {
    private @Nullable AskCut cut;
    private long askedNanos;
    private @Nullable CompletableFuture<AskCut> pending;
  }

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

  /** The files of the last snapshot that was planned. */
  private record Planned(long snapshotId, long completed, SnapshotFiles files) {}

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
    this.options = options;
    this.table = table;
    this.liveTable = liveTable;
    this.columns = new AskColumns(table.iceberg().schema());
    this.store = new RowStore(database.connect(), columns, options.tableRows());
    this.cache = cache;
    this.client = new LiveClient(options.tls(), options.liveToken(), Duration.ofSeconds(10));
    this.nanoClock = nanoClock;
  }

  /**
   * The current cut for a question, which must {@link #release} it. A cut that another question
   * waits for serves this one too, unless it was taken too long before this one.
   *
   * @param ofLive whether live views are read
   * @param wait the longest wait for a new cut
   * @throws AskException if there is none
   */
  public AskCut use(boolean ofLive, Duration wait) throws AskException {
    Current current = ofLive ? live : committed;
    long endNanos = System.nanoTime() + wait.toNanos();
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
      AskCut taken = AwaitedLoad.await(pending, endNanos);
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
    return CompletableFuture.supplyAsync(() -> take(ofLive), ofLive ? taker : loader)
        .thenApplyAsync(leased -> loaded(current, leased, takenNanos), loader)
        .whenComplete((taken, failure) -> ended(current));
  }

  private synchronized void ended(Current current) {
    current.pending = null;
  }

  private AskCut loaded(Current current, LeasedCut leased, long takenNanos) {
    AskCut taken;
    try (leased) {
      taken = load(leased.cut());
    } catch (IOException | SQLException e) {
      throw new CompletionException(e);
    } finally {
      owned(leased);
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

  private void retire(Current current) {
    AskCut old = current.cut;
    if (old != null) {
      old.current = false;
      current.cut = null;
    }
  }

  private LeasedCut take(boolean ofLive) {
    if (!ofLive) {
      return LeasedCut.committed(Cut.committed(table.refresh().iceberg()));
    }
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
  private synchronized void owned(LeasedCut leased) {
    boolean unused = leases.remove(leased);
  }

  /** Loads what the cut has beside its chunks, and makes its view. */
  private AskCut load(Cut cut) throws IOException, SQLException {
    SnapshotFiles files = planned(cut);
    FileIO io = table.iceberg().io();
    List<DataFile> chunks = files.of(FileFormat.PARQUET);
    Map<FileCache.Key, Path> paths = cache.hold(io, keys(chunks));
    boolean complete = false;
    try (RowLoad load = store.begin()) {
      List<DataFile> blockFiles = files.of(FileFormat.AVRO);
      LoadedRows now =
          new RowLoader(load, columns, table.rules(), io, client, cut, loaded).load(blockFiles);
      Map<Integer, String> sources = sources(cut, blockFiles, now);
      load.compact(used(now));
      AskCut made = make(cut, load, chunks, paths, sources, paths(cut, blockFiles));
      load.commit();
      loaded = now;
      synchronized (this) {
        alive.add(made);
      }
      complete = true;
      return made;
    } finally {
      if (!complete) {
        cache.release(keys(chunks));
      }
    }
  }

  private SnapshotFiles planned(Cut cut) {
    if (cut.snapshotId().isEmpty()) {
      return SnapshotFiles.NONE;
    }
    long snapshotId = cut.snapshotId().get();
    if (table.iceberg().snapshot(snapshotId) == null) {
      EventTable unused = table.refresh();
    }
    Planned last = planned;
    if (last == null || last.snapshotId() != snapshotId || last.completed() != cut.completed()) {
      Expression batches =
          cut.completed() == BatchNumbers.NONE
              ? Expressions.alwaysTrue()
              : Expressions.greaterThan(EventSchema.BATCH_NUMBER, cut.completed());
      last =
          new Planned(
              snapshotId, cut.completed(), SnapshotFiles.of(table.iceberg(), snapshotId, batches));
      planned = last;
    }
    return last.files();
  }

  private static List<FileCache.Key> keys(List<DataFile> files) {
    return files.stream()
        .map(file -> new FileCache.Key(file.location(), file.fileSizeInBytes()))
        .toList();
  }

  private static Set<String> paths(Cut cut, List<DataFile> blockFiles) {
    Set<String> paths = new HashSet<>();
    cut.sealed().stream()
        .filter(file -> file.batchNumber() > cut.completed())
        .forEach(file -> paths.add(file.path()));
    blockFiles.forEach(file -> paths.add(file.location()));
    return paths;
  }

  /** By part of the cut, the place of its rows in the words of Flink SQL. */
  private Map<Integer, String> sources(Cut cut, List<DataFile> blockFiles, LoadedRows now) {
    Map<Integer, String> sources = new HashMap<>();
    for (String path : paths(cut, blockFiles)) {
      for (Part part : now.files().getOrDefault(path, List.of())) {
        sources.put(part.id(), path);
      }
    }
    for (Cut.View view : cut.views()) {
      String source = "live/%s/%d".formatted(view.subtask().generation(), view.subtask().subtask());
      view.pinned()
          .open()
          .forEach(
              block -> {
                LoadedRows.OpenPart open =
                    now.open()
                        .get(
                            new LoadedRows.OpenKey(
                                view.pinned().generation(), block.shard(), block.interval()));
                if (open != null) {
                  sources.put(open.part().id(), source);
                }
              });
    }
    return sources;
  }

  /** The parts that later cuts or running questions need. */
  private synchronized Set<Integer> used(LoadedRows now) {
    Set<Integer> used = now.parts();
    alive.forEach(cut -> used.addAll(cut.parts()));
    return used;
  }

  private AskCut make(
      Cut cut,
      RowLoad load,
      List<DataFile> chunks,
      Map<FileCache.Key, Path> paths,
      Map<Integer, String> sources,
      Set<String> blockFiles)
      throws SQLException {
    int number = ++cuts;
    List<RowTable> tables = load.tablesOf(sources.keySet());
    Size size =
        new Size(
            chunks.stream().mapToLong(DataFile::recordCount).sum()
                + tables.stream().mapToLong(one -> one.rows(sources.keySet())).sum(),
            chunks.stream().mapToLong(DataFile::fileSizeInBytes).sum());
    AskCut made =
        new AskCut(
            number,
            cut,
            size,
            sources.keySet(),
            blockFiles,
            tables.stream().map(RowTable::number).collect(Collectors.toSet()),
            keys(chunks));
    EventViews views = new EventViews(columns, cut.token().text());
    List<String> selects = events(views, chunks, paths, tables, sources, load.number());
    store.execute("CREATE VIEW %s AS %s".formatted(made.view("events"), views.all(selects)));
    return made;
  }

  private List<String> events(
      EventViews views,
      List<DataFile> chunks,
      Map<FileCache.Key, Path> paths,
      List<RowTable> tables,
      Map<Integer, String> sources,
      int load) {
    ArrayList<String> selects = new ArrayList<>();
    if (!chunks.isEmpty()) {
      Map<String, NestedField> fields =
          columns.stored().stream().collect(Collectors.toMap(NestedField::name, field -> field));
      selects.add(views.parquet(parquet(chunks, paths), fields, Map.of()));
    }
    tables.forEach(rows -> selects.add(views.rows(rows, sources, load)));
    return selects;
  }

  private static List<Parquet> parquet(List<DataFile> files, Map<FileCache.Key, Path> paths) {
    ArrayList<Parquet> parquet = new ArrayList<>();
    for (DataFile file : files) {
      FileCache.Key key = new FileCache.Key(file.location(), file.fileSizeInBytes());
      Path path = paths.get(key);
      if (path == null) {
        throw new IllegalStateException("A chunk of the cut is not held: " + file.location());
      }
      parquet.add(new Parquet(path, file.location()));
    }
    return parquet;
  }

  /**
   * Makes the view {@code lambda_events} of a cut that the caller uses, unless it is there.
   *
   * @throws AskException if the batch layer's table cannot be read
   */
  public AskCut.Lambda lambda(AskCut cut, Duration wait) throws AskException {
    long endNanos = System.nanoTime() + wait.toNanos();
    return AwaitedLoad.await(CompletableFuture.supplyAsync(() -> lambdaOf(cut), loader), endNanos);
  }

  private AskCut.Lambda lambdaOf(AskCut cut) {
    AskCut.Lambda made = cut.lambda;
    if (made == null) {
      try {
        made = newLambda(cut);
      } catch (IOException | SQLException e) {
        throw new CompletionException(e);
      }
      cut.lambda = made;
    }
    return made;
  }

  private AskCut.Lambda newLambda(AskCut cut) throws IOException, SQLException {
    long completed = cut.cut().completed();
    if (completed == BatchNumbers.NONE) {
      store.execute(
          "CREATE VIEW %s AS FROM %s".formatted(cut.view("lambda_events"), cut.view("events")));
      return new AskCut.Lambda(cut.cut(), cut.size(), List.of());
    }
    BatchLayerTable layer = BatchLayerTable.find(options.catalog(), columns, completed);
    Table batches = layer.table();
    long snapshotId = cut.cut().batchSnapshotId().orElse(batches.currentSnapshot().snapshotId());
    Cut both = cut.cut().withBatches(Optional.of(snapshotId));
    SnapshotFiles files =
        SnapshotFiles.of(
            batches, snapshotId, Expressions.lessThanOrEqual(EventSchema.BATCH_NUMBER, completed));
    List<DataFile> parquet = files.of(FileFormat.PARQUET);
    if (parquet.size() != files.files().size()) {
      throw new IOException(
          "Table nova.batch_events has files that are not Parquet, and the fast path reads Parquet"
              + " only. Nothing is read. Ask Flink SQL.");
    }
    List<FileCache.Key> held = keys(parquet);
    Map<FileCache.Key, Path> paths = cache.hold(batches.io(), held);
    EventViews views = new EventViews(columns, both.token().text());
    ArrayList<String> selects = new ArrayList<>();
    selects.add(
        "SELECT * REPLACE (%s AS read_token) FROM %s"
            .formatted(AskColumns.literal(views.token()), cut.view("events")));
    Map<Long, List<DataFile>> byBatch =
        parquet.stream()
            .collect(
                Collectors.groupingBy(SnapshotFiles::batchOf, TreeMap::new, Collectors.toList()));
    byBatch.forEach(
        (batch, ofBatch) ->
            selects.add(
                views.parquet(
                    parquet(ofBatch, paths),
                    layer.fields(),
                    Map.of(EventSchema.BATCH_NUMBER, Long.toString(batch)))));
    try {
      store.execute(
          "CREATE VIEW %s AS %s".formatted(cut.view("lambda_events"), views.all(selects)));
    } catch (SQLException e) {
      cache.release(held);
      throw e;
    }
    Size size =
        new Size(
            parquet.stream().mapToLong(DataFile::recordCount).sum(),
            parquet.stream().mapToLong(DataFile::fileSizeInBytes).sum());
    return new AskCut.Lambda(both, cut.size().plus(size), held);
  }

  /**
   * Pins a new live cut.
   *
   * @param longest the time after which it is released by itself
   * @return its id
   */
  public String pin(Duration longest) throws AskException {
    return pin(longest, options.liveWait().plus(PIN_WAIT));
  }

  /** Pins a new live cut. A pin that is complete after the wait is released at once. */
  public String pin(Duration longest, Duration wait) throws AskException {
    beginPin();
    CompletableFuture<String> pending =
        CompletableFuture.supplyAsync(() -> take(true), taker)
            .thenApplyAsync(leased -> pinned(leased, longest), loader)
            .whenComplete((id, failure) -> endPin());
    try {
      return AwaitedLoad.await(pending, System.nanoTime() + wait.toNanos());
    } catch (AskException e) {
      CompletableFuture<Void> unused = pending.thenAccept(this::unpin);
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
    try {
      Cut cut = withBatches(leased.cut());
      StoredCut stored =
          StoredCut.of(
              UUID.randomUUID().toString(), System.currentTimeMillis() + longest.toMillis(), cut);
      AskCut made = load(cut);
      // A cut that cannot be stored is not used, so it is removed with the next unused one.
      new StoredCuts(table.location()).write(stored);
      synchronized (this) {
        requireOpen();
        made.users++;
        pins.put(stored.id(), new Pin(made, leased, stored, nanoClock.getAsLong()));
      }
      CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> unpin(stored.id()));
      return stored.id();
    } catch (IOException | SQLException e) {
      leased.close();
      throw new CompletionException(e);
    } catch (RuntimeException e) {
      leased.close();
      throw e;
    } finally {
      owned(leased);
    }
  }

  /** Both engines read the same snapshot of the batch layer. */
  private Cut withBatches(Cut cut) {
    if (cut.completed() == BatchNumbers.NONE) {
      return cut;
    }
    Optional<Long> snapshot =
        BatchTable.find(options.catalog())
            .map(Table::currentSnapshot)
            .map(org.apache.iceberg.Snapshot::snapshotId);
    return cut.withBatches(snapshot);
  }

  /**
   * A pinned cut for a question, which must {@link #release} it.
   *
   * @throws AskException if there is none, or it is lost
   */
  public AskCut usePinned(String id) throws AskException {
    Pin pin;
    synchronized (this) {
      pin = pins.get(id);
      if (pin == null) {
        throw new AskException(
            Kind.UNAVAILABLE, StoredCut.lost(id, "no pinned cut has this id, or it was released"));
      }
      pin.cut.users++;
    }
    try {
      requireServed(id, pin);
      return pin.cut;
    } catch (AskException e) {
      release(pin.cut);
      unpin(id);
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
  public void unpin(String id) {
    Pin pin;
    synchronized (this) {
      pin = pins.remove(id);
    }
    if (pin == null) {
      return;
    }
    pin.leased.close();
    try {
      new StoredCuts(table.location()).remove(pin.stored);
    } catch (IOException e) {
      LOG.warn("The file of pinned cut {} was not removed: {}", id, e.getMessage());
    }
    release(pin.cut);
  }

  /** Uses a cut once more. The caller uses it already. */
  public synchronized void use(AskCut cut) {
    cut.users++;
  }

  /** The rows of a system table for a cut that the caller uses. Blocks while manifests are read. */
  public List<SystemRow> systemRows(AskCut cut, String name) {
    return cut.systemRows()
        .computeIfAbsent(name, first -> SystemViews.rows(first, table, cut.cut()));
  }

  /** Ends the use of a cut. */
  public void release(AskCut cut) {
    boolean unused;
    synchronized (this) {
      cut.users--;
      unused = cut.users == 0 && !cut.current;
    }
    if (unused && !loader.isShutdown()) {
      loader.execute(this::removeUnused);
    }
  }

  /** Removes cuts that nobody has asked for, also while nobody asks at all. */
  public void sweep() {
    if (!loader.isShutdown()) {
      loader.execute(this::removeUnused);
    }
  }

  /** Removes cuts that nobody uses, and their views, files and rows. */
  private void removeUnused() {
    try {
      retireIdle();
      for (AskCut cut : unused()) {
        store.execute("DROP VIEW IF EXISTS " + cut.view("lambda_events"));
        store.execute("DROP VIEW " + cut.view("events"));
        cache.release(cut.held());
        AskCut.Lambda made = cut.lambda;
        if (made != null) {
          cache.release(made.held());
        }
      }
      Set<Integer> tables = new HashSet<>();
      Set<String> files = new HashSet<>();
      synchronized (this) {
        alive.forEach(cut -> tables.addAll(cut.tables()));
        alive.forEach(cut -> files.addAll(cut.files()));
      }
      loaded = loaded.retaining(files);
      store.dropUnused(used(loaded), tables);
    } catch (SQLException e) {
      LOG.warn("Old cuts of the fast path were not removed: {}", e.getMessage());
    }
  }

  private synchronized void retireIdle() {
    for (Current current : List.of(live, committed)) {
      if (current.cut != null && nanoClock.getAsLong() - current.askedNanos > IDLE.toNanos()) {
        retire(current);
        if (current == live) {
          loaded = new LoadedRows(Map.of(), loaded.files());
        }
      }
    }
  }

  private synchronized List<AskCut> unused() {
    List<AskCut> unused = alive.stream().filter(cut -> cut.users == 0 && !cut.current).toList();
    unused.forEach(cut -> cut.closed = true);
    unused.forEach(alive::remove);
    return unused;
  }

  /** The number of cuts that are the current ones, used or pinned. */
  public synchronized int alive() {
    return alive.size();
  }

  @Override
  public void close() {
    Set<String> pinned;
    synchronized (this) {
      ended = true;
      pinned = Set.copyOf(pins.keySet());
    }
    pinned.forEach(this::unpin);
    // An interrupt would lose the leases that the job is about to give. They are closed at its end.
    taker.shutdown();
    loader.shutdownNow();
    try {
      loader.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Set<LeasedCut> left;
    synchronized (this) {
      left = Set.copyOf(leases);
    }
    left.forEach(LeasedCut::close);
  }
}
