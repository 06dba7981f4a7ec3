package io.nova.sql.source.reader;

import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.SplitPart;
import java.io.IOException;

/** Opens the files and live views of one scan. Used by one thread. */
public final class PartReading {
  private final FileReading files;
  private final ViewReading views;

  /** Opens parts with these. */
  public PartReading(FileReading files, ViewReading views) {
    this.files = files;
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
            ? files.open(file, token)
            : views.open((LiveRange) part, token, rowsToSkip);
    for (long i = 0; i < rowsToSkip; i++) {
      rows.next();
    }
    return rows;
  }
}
