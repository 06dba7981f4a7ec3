package io.nova.sql.scan;

import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** One split while it is read: the open file, and how many of its rows have been handed on. */
final class SplitReading implements Closeable {

  private final ScanSplit split;
  private final FileReading files;
  private int fileIndex;
  private long rowsDone;
  private @Nullable RowCursor rows;

  SplitReading(ScanSplit split, FileReading files) {
    this.split = split;
    this.files = files;
    this.rowsDone = split.rowsDone();
  }

  /** The next row, valid until the next call; null after the last, when all is closed. */
  @Nullable RowData next() throws IOException {
    while (fileIndex < split.files().size()) {
      if (rows == null) {
        rows = files.open(split.files().get(fileIndex), rowsDone);
      }
      var row = rows.next();
      if (row != null) {
        rowsDone++;
        return row;
      }
      leaveFile();
    }
    return null;
  }

  private void leaveFile() throws IOException {
    close();
    fileIndex++;
    rowsDone = 0;
  }

  /** What another reader must read to complete this split. */
  ScanSplit remaining() {
    var left = split.files().subList(fileIndex, split.files().size());
    return new ScanSplit(split.id(), left, rowsDone);
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
