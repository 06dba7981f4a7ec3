package io.nova.sql.source.reader;

import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.split.FileRange;
import java.io.IOException;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.parquet.ParquetValueReader;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet chunk, without the row groups that the filter excludes.
 *
 * <p>Iceberg's own reader does not report which row groups it skips. This class therefore iterates
 * over them itself, with Iceberg's filters and column readers.
 */
final class ParquetRows implements ScanCursor {
  private final ParquetFileReader file;
  private final FileRange range;
  private final RowGroupFilter filter;
  private final ReadMetrics metrics;
  private final List<ParquetValueReader<?>> columns;
  private final int[] positions;
  private final GenericRowData row;

  private int nextGroup;
  private long rowsLeftInGroup;

  private ParquetRows(
      ParquetFileReader file,
      FileRange range,
      RowLayout layout,
      String token,
      RowGroupFilter filter,
      ReadMetrics metrics) {
    this.file = file;
    this.range = range;
    this.filter = filter;
    this.metrics = metrics;
    this.row = layout.rowOf(range, token);
    this.positions = layout.positions();
    MessageType stored = file.getFileMetaData().getSchema();
    if (!ParquetSchemaUtil.hasIds(stored)) {
      throw new IllegalStateException("its columns have no field ids");
    }
    MessageType wanted = ParquetSchemaUtil.pruneColumns(stored, layout.storedColumns());
    file.setRequestedSchema(wanted);
    this.columns = ParquetColumns.readers(wanted, layout.storedColumns());
  }

  /**
   * Opens a range of a file.
   *
   * @throws IllegalStateException if its columns are not those of the table
   */
  static ParquetRows open(
      InputFile input,
      FileRange range,
      RowLayout layout,
      String token,
      RowGroupFilter filter,
      ReadMetrics metrics,
      Configuration hadoop)
      throws IOException {
    ParquetFileReader file =
        ParquetFileReader.open(new ParquetInput(input), options(range, hadoop));
    try {
      return new ParquetRows(file, range, layout, token, filter, metrics);
    } catch (RuntimeException unreadable) {
      file.close();
      throw unreadable;
    }
  }

  private static ParquetReadOptions options(FileRange range, Configuration hadoop) {
    return HadoopReadOptions.builder(hadoop)
        .withRange(range.start(), range.start() + range.length())
        .withUseHadoopVectoredIo(false)
        .build();
  }

  @Override
  public @Nullable RowData next() throws IOException {
    while (rowsLeftInGroup == 0) {
      if (nextGroup == file.getRowGroups().size()) {
        return null;
      }
      enterGroup();
    }
    rowsLeftInGroup--;
    for (int i = 0; i < positions.length; i++) {
      row.setField(positions[i], columns.get(i).read(null));
    }
    return row;
  }

  private void enterGroup() throws IOException {
    MessageType schema = file.getFileMetaData().getSchema();
    BlockMetaData group = file.getRowGroups().get(nextGroup++);
    if (!filter.mayMatch(range, schema, group, file)) {
      file.skipNextRowGroup();
      metrics.rowGroupsSkipped().inc();
      return;
    }
    PageReadStore pages = file.readNextRowGroup();
    columns.forEach(column -> column.setPageSource(pages));
    rowsLeftInGroup = group.getRowCount();
    metrics.rowGroups().inc();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
