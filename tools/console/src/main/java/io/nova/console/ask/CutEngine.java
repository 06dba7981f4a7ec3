package io.nova.console.ask;

import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.cut.AskCut;
import io.nova.console.ask.cut.AskCuts;
import io.nova.console.ask.cut.SystemViews;
import io.nova.console.ask.topic.AskTopics;
import io.nova.console.ask.topic.AskedTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path: DuckDB over one cut of the store. Thread-safe.
 *
 * <p>Each question gets the current cut, at most a second old. Equal statements on one cut run
 * once, and all who ask get the same rows. A statement runs on a connection of its own, which has
 * views of the cut's tables and nothing else.
 */
public final class CutEngine implements AskEngine, CutPins {
  private static final Logger LOG = LoggerFactory.getLogger(CutEngine.class);

  private static final int PARSERS = 2;
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final AskOptions options;
  private final Function<AskTopics, Consumer<byte[], byte[]>> consumers;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Duration sweep;
  private final ExecutorService statements;

  /** DuckDB's parser needs a large stack, which the threads of callers do not have. */
  private final ExecutorService parsers;

  private final ScheduledExecutorService timer;
  private final AskRuns runs;
  private final Map<String, CompletableFuture<AnswerRows>> asked = new HashMap<>();

  /** The store, after the table was found. */
  private @Nullable AskStore opened;

  private boolean closed;

  /**
   * An engine that opens the table at the first question.
   *
   * @throws IOException if its folder cannot be made
   */
  public CutEngine(AskOptions options) throws IOException {
    this(options, AskedTopics::consumer, InstantSource.system(), System::nanoTime, SWEEP);
  }

  /** An engine that reads its topics by these consumers. */
  CutEngine(
      AskOptions options,
      Function<AskTopics, Consumer<byte[], byte[]>> consumers,
      InstantSource clock)
      throws IOException {
    this(options, consumers, clock, System::nanoTime, SWEEP);
  }

  /**
   * An engine with a clock of its own.
   *
   * @param sweep time between two removals of cuts that nobody asks for
   */
  CutEngine(AskOptions options, LongSupplier nanoClock, Duration sweep) throws IOException {
    this(options, AskedTopics::consumer, InstantSource.system(), nanoClock, sweep);
  }

  private CutEngine(
      AskOptions options,
      Function<AskTopics, Consumer<byte[], byte[]>> consumers,
      InstantSource clock,
      LongSupplier nanoClock,
      Duration sweep)
      throws IOException {
    this.options = options;
    this.consumers = consumers;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.sweep = sweep;
    clear(Files.createDirectories(options.folder().resolve("duckdb")));
    this.statements = QueryThreads.pool(options.statements(), "nova-ask");
    this.parsers = QueryThreads.pool(PARSERS, "nova-ask-parsers");
    this.timer = Executors.newSingleThreadScheduledExecutor(QueryThreads.named("nova-ask"));
    this.runs = new AskRuns(timer);
  }

  /** Removes temporary files of an earlier process. */
  private static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public Answer ask(Question question) throws AskException {
    long startNanos = System.nanoTime();
    CompletableFuture<AnswerRows> mine = new CompletableFuture<>();
    begin(question.id(), mine);
    try {
      AskStore store = opened();
      Set<String> tables = tablesOf(store.database(), question, startNanos);
      AskedTopics.Used topics = store.topics().use(tables, wait(question, mine, startNanos));
      try {
        return answer(store, question, tables, topics, mine, startNanos);
      } finally {
        store.topics().release(topics);
      }
    } finally {
      end(question.id(), mine);
    }
  }

  private synchronized void begin(String id, CompletableFuture<AnswerRows> mine)
      throws AskException {
    if (closed) {
      throw new AskException(Kind.UNAVAILABLE, "The console ends. The statement did not run.");
    }
    if (asked.putIfAbsent(id, mine) != null) {
      throw new AskException(
          Kind.STATEMENT, "A question with the id %s is running. Choose another id.".formatted(id));
    }
  }

  private synchronized void end(String id, CompletableFuture<AnswerRows> mine) {
    asked.remove(id, mine);
  }

  private static Duration left(Question question, long startNanos) {
    return question.timeout().minusNanos(System.nanoTime() - startNanos);
  }

  private static LoadWait wait(
      Question question, CompletableFuture<AnswerRows> mine, long startNanos) {
    return new LoadWait(startNanos + question.timeout().toNanos(), mine);
  }

  private static AskCut cut(AskCuts cuts, Question question, Set<String> tables, LoadWait wait)
      throws AskException {
    return question.cut().isPresent()
        ? cuts.pins().use(question.cut().get())
        : cuts.use(question.live() && !areTopics(tables), wait);
  }

  /** Such a statement needs no live cut, so it has an answer while the job is down. */
  private static boolean areTopics(Set<String> tables) {
    return !tables.isEmpty() && tables.stream().allMatch(AskedTopics::has);
  }

  private Set<String> tablesOf(AskDatabase database, Question question, long startNanos)
      throws AskException {
    CompletableFuture<Set<String>> tables = new CompletableFuture<>();
    parsers.execute(() -> parse(database, question.sql(), tables));
    return await(tables, question, left(question, startNanos));
  }

  private static void parse(
      AskDatabase database, String sql, CompletableFuture<Set<String>> tables) {
    try (DuckDBConnection connection = database.connect()) {
      tables.complete(StatementCheck.tables(connection, sql));
    } catch (SQLException e) {
      tables.completeExceptionally(
          new AskException(Kind.UNAVAILABLE, "DuckDB does not answer: " + e.getMessage()));
    } catch (AskException | RuntimeException | Error e) {
      tables.completeExceptionally(e);
    }
  }

  private Answer answer(
      AskStore store,
      Question question,
      Set<String> tables,
      AskedTopics.Used topics,
      CompletableFuture<AnswerRows> mine,
      long startNanos)
      throws AskException {
    AskCut cut = cut(store.cuts(), question, tables, wait(question, mine, startNanos));
    try {
      return answer(store, question, new Read(tables, topics, cut), mine, startNanos);
    } finally {
      store.cuts().release(cut);
    }
  }

  /** What a statement reads. */
  private record Read(Set<String> tables, AskedTopics.Used topics, AskCut cut) {
    AskCut.Size size(AskCut.@Nullable Lambda lambda) {
      AskCut.Size ofTopics = new AskCut.Size(topics.rows(), topics.bytes());
      if (lambda != null) {
        return lambda.size().plus(ofTopics);
      }
      return tables.contains("events") ? cut.size().plus(ofTopics) : ofTopics;
    }
  }

  private Answer answer(
      AskStore store,
      Question question,
      Read read,
      CompletableFuture<AnswerRows> mine,
      long startNanos)
      throws AskException {
    AskCut cut = read.cut();
    AskCut.Lambda lambda =
        read.tables().contains("lambda_events")
            ? store.cuts().lambda(cut, wait(question, mine, startNanos))
            : null;
    AskRun run =
        runs.join(
            new AskRun.Key(cut.number(), read.topics().key(), question.sql(), question.maxRows()));
    try {
      if (run.isFirst()) {
        store.cuts().use(cut);
        store.topics().useAgain(read.topics());
        statements.execute(() -> run(store, run, read));
      }
      CompletableFuture<AnswerRows> unused =
          run.rows().whenComplete((rows, failure) -> complete(mine, rows, failure));
      AnswerRows rows = await(mine, question, left(question, startNanos));
      AskCut.Size size = read.size(lambda);
      return new Answer(
          rows.columns(),
          rows.rows(),
          rows.truncated(),
          read.topics().bounds(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
          size.rows(),
          size.bytes(),
          (lambda == null ? cut.cut() : lambda.cut()).token().text(),
          cut.cut().gaps().stream().map(Object::toString).toList());
    } finally {
      runs.leave(run);
    }
  }

  private static void complete(
      CompletableFuture<AnswerRows> mine, AnswerRows rows, @Nullable Throwable failure) {
    if (failure == null) {
      mine.complete(rows);
    } else {
      mine.completeExceptionally(failure);
    }
  }

  private static <T> T await(CompletableFuture<T> pending, Question question, Duration left)
      throws AskException {
    try {
      return pending.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new AskException(
          Kind.CANCELLED,
          "The statement took longer than its timeout of %d ms, and was cancelled."
              .formatted(question.timeout().toMillis()));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw AskRun.cancelled();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof AskException reason
          ? reason
          : new AskException(Kind.UNAVAILABLE, String.valueOf(failed.getMessage()));
    }
  }

  /** Runs a statement on a connection of its own. */
  private void run(AskStore store, AskRun run, Read read) {
    AskCut cut = read.cut();
    try (DuckDBConnection connection = store.database().connect();
        Statement statement = connection.createStatement()) {
      run.running(statement);
      for (String table : read.tables()) {
        if (SystemViews.has(table)) {
          SystemViews.create(connection, table, store.cuts().systemRows(cut, table));
        } else {
          String rows = read.topics().select(table).orElse("FROM " + cut.view(table));
          statement.execute("CREATE TEMP VIEW %s AS %s".formatted(table, rows));
        }
      }
      run.running(statement);
      try (java.sql.ResultSet result = statement.executeQuery(run.key().sql())) {
        AnswerRows rows = AnswerRows.read(result, run.key().maxRows());
        run.running(null);
        runs.complete(run, rows);
      }
      runs.forgetBefore(cut.number() - 2);
    } catch (AskException e) {
      runs.fail(run, e);
    } catch (SQLException e) {
      runs.fail(
          run,
          run.isCancelled()
              ? AskRun.cancelled()
              : new AskException(Kind.STATEMENT, AskException.reason(e)));
    } catch (RuntimeException | Error e) {
      LOG.error("A statement of the fast path failed", e);
      runs.fail(run, new AskException(Kind.UNAVAILABLE, "The statement failed: " + e.getMessage()));
    } finally {
      store.cuts().release(cut);
      store.topics().release(read.topics());
    }
  }

  @Override
  public String pin(Duration longest) throws AskException {
    return opened().cuts().pins().pin(longest);
  }

  /** Pins a cut with another wait for it. */
  String pin(Duration longest, Duration wait) throws AskException {
    return opened().cuts().pins().pin(longest, wait);
  }

  @Override
  public void release(String id) {
    AskStore store;
    synchronized (this) {
      store = opened;
    }
    if (store != null) {
      store.cuts().pins().release(id);
    }
  }

  /** The number of cuts in memory. */
  synchronized int alive() {
    return opened == null ? 0 : opened.cuts().alive();
  }

  /** The number of answers that are kept for others. */
  int keptRuns() {
    return runs.size();
  }

  @Override
  public void cancel(String id) {
    CompletableFuture<AnswerRows> mine;
    synchronized (this) {
      mine = asked.get(id);
    }
    if (mine != null) {
      mine.completeExceptionally(AskRun.cancelled());
    }
  }

  /** Whether this engine is closed: another one may have the store now. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Opens the store at the first question after the job made its table. */
  private synchronized AskStore opened() throws AskException {
    if (closed) {
      throw new AskException(Kind.UNAVAILABLE, "The console ends. Nothing was done.");
    }
    AskStore found = opened;
    if (found == null) {
      found = AskStore.open(options, consumers, clock, nanoClock);
      opened = found;
      AskCuts cuts = found.cuts();
      ScheduledFuture<?> unused =
          timer.scheduleWithFixedDelay(
              cuts::sweep, sweep.toMillis(), sweep.toMillis(), TimeUnit.MILLISECONDS);
    }
    return found;
  }

  @Override
  public void close() {
    AskStore store;
    synchronized (this) {
      closed = true;
      store = opened;
      asked.values().forEach(mine -> mine.completeExceptionally(AskRun.cancelled()));
    }
    parsers.shutdown();
    statements.shutdown();
    if (store != null) {
      store.topics().close();
      store.cuts().close();
    }
    try {
      statements.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    if (store != null) {
      store.database().close();
    }
  }
}
