package io.nova.job.live;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch over the table: a thread that finds the newest snapshot of this run of the job. It reads
 * the table only while a sealed block is not yet seen there.
 *
 * <p>A failure to read is logged once, until its cause changes or the table can be read again.
 */
final class TableWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);
  private static final long EVERY_MS = 500;

  private final EventTable table;
  private final String generation;
  private final Thread thread;
  private volatile boolean wanted;
  private volatile @Nullable LinkSummary newest;
  private String logged = "";

  /** Starts the thread. */
  TableWatch(EventTable table, String generation) {
    this.table = table;
    this.generation = generation;
    this.thread = new Thread(this::look, "nova-table-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sets whether sealed blocks wait to be seen in the table. Any thread. */
  void wanted(boolean waiting) {
    wanted = waiting;
  }

  /** The newest snapshot of this run that was seen; empty before any. Any thread. */
  Optional<LinkSummary> newest() {
    return Optional.ofNullable(newest);
  }

  private void look() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(EVERY_MS);
        if (wanted) {
          lookOnce();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookOnce() {
    try {
      table.iceberg().refresh();
      LinkSummary.of(table.iceberg().currentSnapshot())
          .filter(link -> link.generation().equals(generation))
          .ifPresent(link -> newest = link);
      logged = "";
    } catch (RuntimeException e) {
      log(e.toString());
    }
  }

  private void log(String cause) {
    if (!cause.equals(logged)) {
      LOG.warn(
          "Table {} cannot be read now ({}). Live views name their sealed files until it can.",
          table.location(),
          cause);
      logged = cause;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
