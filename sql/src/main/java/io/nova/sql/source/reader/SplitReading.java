package io.nova.sql.source.reader;

import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.SplitPart;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/** A split of files and live views that is being read. */
public final class SplitReading implements SplitProgress {
  private final ScanSplit split;
  private final PartReading reading;
  private int partIndex;
  private long rowsDone;
  private @Nullable ScanCursor rows;

  /** Reads a split from its position. */
  public SplitReading(ScanSplit split, PartReading reading) {
    this.split = split;
    this.reading = reading;
    this.rowsDone = split.rowsDone();
  }

  @Override
  public @Nullable RowData next() throws IOException {
    while (partIndex < split.parts().size()) {
      RowData row = nextOf(split.parts().get(partIndex));
      if (row != null) {
        rowsDone++;
        return row;
      }
      leavePart();
    }
    return null;
  }

  private @Nullable RowData nextOf(SplitPart part) throws IOException {
    try {
      if (rows == null) {
        rows = reading.open(part, split.token(), rowsDone);
      }
      return rows.next();
    } catch (NotFoundException | FileNotFoundException gone) {
      throw new QueryFailedException(
          part.title()
              + ": it is gone. The query has run for longer than the table keeps replaced files."
              + " It fails; start it again.",
          gone);
    } catch (IOException | RuntimeException damaged) {
      throw part instanceof LiveRange ? lost(damaged) : new UnreadablePartException(part, damaged);
    }
  }

  /** The message of a live server or its client names the view already. */
  private static IOException lost(Exception reason) {
    String what = String.valueOf(reason.getMessage());
    return new QueryFailedException(
        (what.endsWith(".") ? what : what + ".") + " The query fails; start it again.", reason);
  }

  private void leavePart() throws IOException {
    close();
    partIndex++;
    rowsDone = 0;
  }

  @Override
  public boolean isEndless() {
    return false;
  }

  @Override
  public CompletableFuture<Void> wake() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public ScanSplit remaining() {
    List<SplitPart> left = split.parts().subList(partIndex, split.parts().size());
    return new ScanSplit(split.id(), split.token(), left, rowsDone);
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
