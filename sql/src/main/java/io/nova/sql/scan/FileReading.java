package io.nova.sql.scan;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
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

  /** The rows of a part of a file, without the first few. What it throws may be anything. */
  RowCursor open(FileRange range, long rowsToSkip) throws IOException {
    var rows = open(range);
    for (long i = 0; i < rowsToSkip; i++) {
      rows.next();
    }
    return rows;
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
