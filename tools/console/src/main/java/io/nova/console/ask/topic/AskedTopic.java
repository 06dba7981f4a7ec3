package io.nova.console.ask.topic;

import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.LoadWait;
import io.nova.console.ask.QueryThreads;
import io.nova.console.ask.topic.TopicReader.State;
import io.nova.console.ask.topic.TopicRows.Logged;
import java.io.Closeable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a table. New records are loaded when somebody asks and the last load is older than the
 * least time between two cuts. All questions share it. Thread-safe.
 */
final class AskedTopic implements Closeable {
  /** Size of the rows that are loaded in one transaction. */
  private static final long CHUNK_BYTES = 16L << 20;

  private static final int CHUNK_ROWS = 100_000;

  private final String topic;
  private final String brokers;
  private final TopicForm form;
  private final TopicLimits limits;
  private final TopicRows rows;
  private final TopicReader reader;
  private final Duration refresh;
  private final InstantSource clock;
  private final ExecutorService loader;
  private @Nullable TopicCut current;
  private long loadedNanos;
  private @Nullable CompletableFuture<TopicCut> pending;

  /**
   * A topic.
   *
   * @param topic its name; empty if the job writes none
   * @param brokers addresses of brokers, for messages
   * @param writer the table's own connection
   * @param consumers makes a consumer
   * @param refresh least time between two loads
   */
  AskedTopic(
      String topic,
      String brokers,
      TopicForm form,
      TopicLimits limits,
      DuckDBConnection writer,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Duration refresh,
      InstantSource clock) {
    this.topic = topic;
    this.brokers = brokers;
    this.form = form;
    this.limits = limits;
    this.rows = new TopicRows(writer, form, limits);
    this.reader = new TopicReader(topic, consumers, clock, limits.rows());
    this.refresh = refresh;
    this.clock = clock;
    this.loader = Executors.newSingleThreadExecutor(QueryThreads.named("nova-ask-" + form.name()));
  }

  /**
   * The current rows for a question, which must {@link #release} them.
   *
   * @throws AskException if the topic cannot be read
   */
  TopicCut use(LoadWait wait) throws AskException {
    while (true) {
      CompletableFuture<TopicCut> load;
      synchronized (this) {
        TopicCut last = current;
        if (last != null && System.nanoTime() - loadedNanos < refresh.toNanos() && rows.use(last)) {
          return last;
        }
        load = pending;
        if (load == null) {
          load = begin();
        }
      }
      TopicCut loaded = wait.await(load);
      if (rows.use(loaded)) {
        return loaded;
      }
    }
  }

  private CompletableFuture<TopicCut> begin() {
    CompletableFuture<TopicCut> load = new CompletableFuture<>();
    long startNanos = System.nanoTime();
    try {
      loader.execute(() -> load(load, startNanos));
      pending = load;
    } catch (RejectedExecutionException closed) {
      load.completeExceptionally(
          new AskException(Kind.UNAVAILABLE, "The console ends. The statement did not run."));
    }
    return load;
  }

  private void load(CompletableFuture<TopicCut> load, long startNanos) {
    try {
      TopicCut loaded = load();
      ended(loaded, startNanos);
      load.complete(loaded);
    } catch (SQLException | RuntimeException e) {
      AskException reason = failed(e);
      ended(null, startNanos);
      load.completeExceptionally(reason);
    }
  }

  private synchronized void ended(@Nullable TopicCut loaded, long startNanos) {
    pending = null;
    if (loaded != null) {
      current = loaded;
      loadedNanos = startNanos;
    }
  }

  private AskException failed(Exception failure) {
    reader.close();
    return new AskException(
        Kind.UNAVAILABLE,
        "Table %s: topic %s at %s cannot be read: %s. The statement did not run."
            .formatted(form.name(), topic, brokers, failure.getMessage()));
  }

  private TopicCut load() throws SQLException {
    Instant from = clock.instant().minus(limits.age());
    if (topic.isEmpty()) {
      return rows.none("%s: the job writes no such topic.".formatted(form.name()));
    }
    State state = reader.begin();
    if (state == State.MISSING) {
      return rows.none("%s: topic %s does not exist.".formatted(form.name(), topic));
    }
    if (state == State.ANOTHER) {
      rows.clear();
    }
    Optional<Instant> left = reader.seek(from);
    left.ifPresent(rows::skippedBefore);
    boolean more = true;
    while (more) {
      more = loadChunk(from);
    }
    return rows.cut(from);
  }

  /** Loads some records; false after the last ones. */
  private boolean loadChunk(Instant from) throws SQLException {
    List<Logged> chunk = new ArrayList<>();
    long others = 0;
    long bytes = 0;
    boolean more = true;
    while (more && bytes < CHUNK_BYTES && chunk.size() < CHUNK_ROWS) {
      List<ConsumerRecord<byte[], byte @Nullable []>> records = reader.poll();
      more = !records.isEmpty();
      for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
        Optional<TopicForm.Row> row = form.row(record);
        others += row.isEmpty() ? 1 : 0;
        bytes += row.map(TopicForm.Row::bytes).orElse(0L);
        row.ifPresent(it -> chunk.add(new Logged(record.partition(), record.offset(), it)));
      }
    }
    rows.load(chunk, others, from);
    reader.stored();
    return more;
  }

  /** Uses rows once more. The caller uses them already. */
  void useAgain(TopicCut cut) {
    boolean unused = rows.use(cut);
  }

  /** Ends a use. */
  void release(TopicCut cut) {
    rows.release(cut);
  }

  @Override
  public void close() {
    reader.wakeUp();
    loader.execute(
        () -> {
          reader.close();
          rows.close();
        });
    loader.shutdown();
    try {
      loader.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
