package io.nova.sql.scan;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.hadoop.HadoopFileIO;

/** Opens the files of one scan. Used by one thread. */
final class FileReading {

  private final RowLayout layout;
  private final RowGroupFilter rowGroups;
  private final ReadMetrics metrics;
  private final Configuration hadoop = new Configuration();
  private final HadoopFileIO io = new HadoopFileIO(hadoop);

  FileReading(EventScan scan, ReadMetrics metrics) {
    this.layout = RowLayout.of(scan);
    this.rowGroups = new RowGroupFilter(scan);
    this.metrics = metrics;
  }

  /**
   * The rows of a part of a file, without the first few.
   *
   * @throws IOException if the file is gone or damaged; the message names it
   */
  RowCursor open(FileRange range, long rowsToSkip) throws IOException {
    try {
      var rows = open(range);
      for (long i = 0; i < rowsToSkip; i++) {
        rows.next();
      }
      return rows;
    } catch (NotFoundException | FileNotFoundException gone) {
      throw new IOException(
          "File "
              + range.path()
              + ": it is gone. The query has run for longer than the table keeps files that were"
              + " replaced. It fails; start it again.",
          gone);
    } catch (IOException | RuntimeException damaged) {
      throw new IOException(
          "File " + range.path() + ": it cannot be read, the query fails: " + damaged.getMessage(),
          damaged);
    }
  }

  private RowCursor open(FileRange range) throws IOException {
    if (layout.storedColumns().columns().isEmpty() && range.isWholeFile()) {
      return new CountedRows(layout.rowOf(range), range.fileRows());
    }
    metrics.files().inc();
    var file =
        new CountedFile(io.newInputFile(range.path(), range.fileSizeBytes()), metrics.bytes());
    return switch (range.format()) {
      case AVRO -> new AvroRows(file, range, layout);
      case PARQUET -> ParquetRows.open(file, range, layout, rowGroups, metrics, hadoop);
      default -> throw new IllegalStateException("A FileRange of " + range.format());
    };
  }
}
