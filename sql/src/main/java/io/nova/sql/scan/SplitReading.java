package io.nova.sql.scan;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.exceptions.NotFoundException;
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

  /**
   * The next row, valid until the next call; null after the last, when all is closed.
   *
   * @throws IOException if a file is gone or damaged; the message names it
   */
  @Nullable RowData next() throws IOException {
    while (fileIndex < split.files().size()) {
      var row = nextOf(split.files().get(fileIndex));
      if (row != null) {
        rowsDone++;
        return row;
      }
      leaveFile();
    }
    return null;
  }

  private @Nullable RowData nextOf(FileRange file) throws IOException {
    try {
      if (rows == null) {
        rows = files.open(file, rowsDone);
      }
      return rows.next();
    } catch (NotFoundException | FileNotFoundException gone) {
      throw failure(
          file,
          "it is gone. The query has run for longer than the table keeps files that were replaced."
              + " It fails; start it again.",
          gone);
    } catch (IOException | RuntimeException damaged) {
      throw failure(file, "it cannot be read, the query fails: " + damaged.getMessage(), damaged);
    }
  }

  private static IOException failure(FileRange file, String what, Exception cause) {
    return new IOException("File " + file.path() + ": " + what, cause);
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
