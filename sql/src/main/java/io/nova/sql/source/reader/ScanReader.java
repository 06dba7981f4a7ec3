package io.nova.sql.source.reader;

import io.nova.sql.source.split.ScanSplit;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * The Flink reader of the scan: reads its splits one after the other in the task's thread. A second
 * thread with a queue would have to copy every row, and gains nothing while all cores are busy. All
 * calls come from the task's thread.
 */
public final class ScanReader implements SourceReader<RowData, ScanSplit> {
  /** Rows between two checks of the task's mailbox. */
  private static final int ROWS_PER_POLL = 128;

  private final SourceReaderContext context;
  private final Function<ScanSplit, SplitProgress> readings;
  private final Counter rows;
  private final Deque<ScanSplit> assigned = new ArrayDeque<>();

  private long rowsWanted;
  private @Nullable SplitProgress current;
  private boolean requested;
  private boolean noMoreSplits;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  /**
   * A reader of one scan.
   *
   * @param readings opens a split
   * @param rows counts the rows
   * @param rowsWanted number of rows after which the reader may stop
   */
  public ScanReader(
      SourceReaderContext context,
      Function<ScanSplit, SplitProgress> readings,
      Counter rows,
      long rowsWanted) {
    this.context = context;
    this.readings = readings;
    this.rows = rows;
    this.rowsWanted = rowsWanted;
  }

  @Override
  public void start() {
    requestIfEmpty();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) throws IOException {
    for (int i = 0; i < ROWS_PER_POLL; i++) {
      RowData row = rowsWanted > 0 ? nextRow() : null;
      if (row == null) {
        return nothingNow();
      }
      rowsWanted--;
      rows.inc();
      output.collect(row);
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private @Nullable RowData nextRow() throws IOException {
    while (current != null || !assigned.isEmpty()) {
      if (current == null) {
        current = readings.apply(assigned.remove());
      }
      RowData row = current.next();
      if (row != null || current.isEndless()) {
        return row;
      }
      current = null;
    }
    return null;
  }

  private InputStatus nothingNow() {
    if (noMoreSplits || rowsWanted == 0) {
      return InputStatus.END_OF_INPUT;
    }
    if (current != null) {
      available = current.wake();
      return InputStatus.NOTHING_AVAILABLE;
    }
    requestIfEmpty();
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  private void requestIfEmpty() {
    if (assigned.isEmpty() && !requested && !noMoreSplits) {
      requested = true;
      context.sendSplitRequest();
    }
  }

  @Override
  public void addSplits(List<ScanSplit> splits) {
    requested = false;
    assigned.addAll(splits);
    // An endless split is read last, in whatever order splits arrive.
    assigned.stream().filter(ScanSplit::isEndless).toList().forEach(this::putLast);
    available.complete(null);
  }

  private void putLast(ScanSplit split) {
    assigned.remove(split);
    assigned.addLast(split);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    boolean busy = current == null ? !assigned.isEmpty() : !current.isEndless();
    return busy || noMoreSplits ? CompletableFuture.completedFuture(null) : available;
  }

  @Override
  public List<ScanSplit> snapshotState(long checkpointId) {
    ArrayList<ScanSplit> splits = new ArrayList<>();
    if (current != null) {
      splits.add(current.remaining());
    }
    splits.addAll(assigned);
    return splits;
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}
