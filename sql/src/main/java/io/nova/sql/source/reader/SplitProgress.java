package io.nova.sql.source.reader;

import io.nova.sql.source.split.ScanSplit;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** A split while it is read. Used by one thread. */
public interface SplitProgress extends Closeable {
  /**
   * The next row, valid until the next call; null where there is none, for now if it is endless.
   *
   * @throws IOException if a file or view is gone or damaged; the message names it
   */
  @Nullable RowData next() throws IOException;

  /** Whether rows may come after null. */
  boolean isEndless();

  /** When to ask an endless one again after null. */
  CompletableFuture<Void> wake();

  /** What another reader must read to complete this split. */
  ScanSplit remaining();
}
