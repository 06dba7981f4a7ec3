package io.nova.sql.source.reader;

import io.nova.iceberg.Storage;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.split.FileRange;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.hadoop.HadoopFileIO;

/** Opens the files of one scan. Used by one thread. */
public final class FileReading {
  private final RowLayout layout;
  private final RowGroupFilter rowGroups;
  private final ReadMetrics metrics;
  private final Configuration hadoop = Storage.configuration();
  private final HadoopFileIO io = new HadoopFileIO(hadoop);

  /** Opens files for this scan. */
  public FileReading(EventScan scan, ReadMetrics metrics) {
    this.layout = RowLayout.ofFiles(scan);
    this.rowGroups = new RowGroupFilter(scan);
    this.metrics = metrics;
  }

  /**
   * The rows of a range of a file. It may throw any exception of the file formats.
   *
   * @param token the value of the column {@code read_token}
   */
  public ScanCursor open(FileRange range, String token) throws IOException {
    if (layout.storedColumns().columns().isEmpty() && range.isWholeFile()) {
      return new CountedRows(layout.rowOf(range, token), range.fileRows());
    }
    metrics.files().inc();
    CountedFile file =
        new CountedFile(io.newInputFile(range.path(), range.fileSizeBytes()), metrics.bytes());
    return switch (range.format()) {
      case AVRO -> new AvroRows(file, range, layout, token);
      case PARQUET -> ParquetRows.open(file, range, layout, token, rowGroups, metrics, hadoop);
      default -> throw new IllegalStateException("A FileRange of " + range.format());
    };
  }
}
