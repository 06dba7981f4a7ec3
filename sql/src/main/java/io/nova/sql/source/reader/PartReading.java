package io.nova.sql.source.reader;

import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.FileRange.Layer;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.SplitPart;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens the files and live views of one scan. Used by one thread. */
public final class PartReading {
  private final FileReading files;
  private final @Nullable FileReading batchFiles;
  private final ViewReading views;

  /**
   * Opens parts with these.
   *
   * @param batchFiles opens the files of the batch layer's table; null if the scan reads none
   */
  public PartReading(FileReading files, @Nullable FileReading batchFiles, ViewReading views) {
    this.files = files;
    this.batchFiles = batchFiles;
    this.views = views;
  }

  /**
   * The rows of a part, without the first ones. It may throw any exception of the file formats.
   *
   * @param token the value of the column {@code read_token}
   * @param rowsToSkip number of rows to leave out
   */
  ScanCursor open(SplitPart part, String token, long rowsToSkip) throws IOException {
    ScanCursor rows =
        part instanceof FileRange file
            ? readerOf(file).open(file, token)
            : views.open((LiveRange) part, token, rowsToSkip);
    for (long i = 0; i < rowsToSkip; i++) {
      rows.next();
    }
    return rows;
  }

  private FileReading readerOf(FileRange file) {
    if (file.layer() == Layer.EVENTS) {
      return files;
    }
    if (batchFiles == null) {
      throw new IllegalStateException("A scan of events was given a file of the batch layer");
    }
    return batchFiles;
  }
}
