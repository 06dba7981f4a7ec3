package io.nova.bench.live;

import io.nova.live.client.LiveRows;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;

/**
 * Concurrent readers of live servers. Like a dashboard, each reads three columns of all rows of one
 * event type once a second.
 */
final class LiveReaders implements AutoCloseable {
  private static final long EVERY_MS = 1000;
  private static final List<String> COLUMNS = List.of("event_type", "event_time", "user_id");

  private final LiveServers servers;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private volatile boolean closed;
  private volatile String failure = "";

  LiveReaders(LiveServers servers, int count) {
    this.servers = servers;
    for (int i = 0; i < count; i++) {
      int type = i % 20;
      Thread thread = new Thread(() -> read("type " + type), "reader-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void read(String eventType) {
    try {
      while (!closed) {
        long start = System.nanoTime();
        for (Announcement subtask : servers.announced) {
          read(subtask, eventType);
        }
        answers.incrementAndGet();
        long took = System.nanoTime() - start;
        nanos.addAndGet(took);
        Thread.sleep(Math.max(1, EVERY_MS - took / 1_000_000));
      }
    } catch (IOException e) {
      if (!closed) {
        failure = e.toString();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Announcement subtask, String eventType) throws IOException {
    PinnedView view = servers.client.pin(subtask);
    Schema schema = servers.table.iceberg().schema();
    RowsRequest request =
        new RowsRequest(
            view.lease(),
            view.shards().stream().map(ShardEnd::shard).toList(),
            COLUMNS.stream().map(name -> schema.findField(name).fieldId()).toList(),
            ExpressionParser.toJson(Expressions.equal("event_type", eventType)),
            Long.MAX_VALUE);
    try (LiveRows found = servers.client.rows(subtask, request)) {
      while (found.next() != null) {
        rows.incrementAndGet();
      }
    }
    servers.client.release(subtask, view.lease());
  }

  /** The number of answers, their rows and their time so far. */
  String report() {
    return String.format(
        Locale.ROOT,
        "%,d answers of %,d rows each, %.0f ms each%s",
        answers.get(),
        rows.get() / Math.max(1, answers.get()),
        nanos.get() / 1e6 / Math.max(1, answers.get()),
        failure.isEmpty() ? "" : "; FAILED: " + failure);
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
