package io.nova.sql.source.reader;

import io.nova.iceberg.Storage;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.parquet.ParquetRows;
import io.nova.sql.source.parquet.RowGroupFilter;
import io.nova.sql.source.rows.CountedRows;
import io.nova.sql.source.rows.ReadRows;
import io.nova.sql.source.rows.RecordRows;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.FileRange;
import java.io.IOException;
import java.util.Iterator;
import org.apache.avro.generic.IndexedRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;

/** Opens the files of one scan. Used by one thread. */
public final class FileReading {
  private final EventScan scan;
  private final RowLayout layout;
  private final RowGroupFilter rowGroups;
  private final ReadMetrics metrics;
  private final Configuration hadoop = Storage.configuration();
  private final HadoopFileIO io = new HadoopFileIO(hadoop);

  /** Opens files for this scan. */
  public FileReading(EventScan scan, ReadMetrics metrics) {
    this.scan = scan;
    this.layout = RowLayout.ofFiles(scan);
    this.rowGroups = new RowGroupFilter(scan);
    this.metrics = metrics;
  }

  /**
   * The output of the scan for a range of a file. It may throw any exception of the file formats.
   *
   * @param token the value of the column {@code read_token}
   */
  public ScanCursor open(FileRange range, String token) throws IOException {
    return new ScanOutput(scan, metrics).of(rows(range, token), layout);
  }

  private ReadRows rows(FileRange range, String token) throws IOException {
    if (layout.needsNoColumn() && range.isWholeFile()) {
      return new CountedRows(
          layout, layout.constants(range, token), scan.exact(), range.fileRows());
    }
    metrics.files().inc();
    CountedFile file =
        new CountedFile(io.newInputFile(range.path(), range.fileSizeBytes()), metrics.bytes());
    return switch (range.format()) {
      case AVRO -> blockRows(file, range, token);
      case PARQUET ->
          ParquetRows.open(file, range, layout, token, scan, rowGroups, metrics, hadoop);
      default -> throw new IllegalStateException("A FileRange of " + range.format());
    };
  }

  /** Iceberg reads a block file and finds the columns by their field ids. */
  private ReadRows blockRows(InputFile file, FileRange range, String token) {
    CloseableIterable<IndexedRecord> records =
        Avro.read(file)
            .project(layout.storedColumns())
            .split(range.start(), range.length())
            .reuseContainers()
            .build();
    Iterator<IndexedRecord> iterator = records.iterator();
    return new RecordRows(
        () -> iterator.hasNext() ? iterator.next() : null,
        records,
        layout,
        layout.constants(range, token),
        scan.exact());
  }
}
