package io.nova.sql.source.parquet;

import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ReadRows;
import io.nova.sql.source.rows.RowTest;
import io.nova.sql.source.rows.RowTests;
import io.nova.sql.source.split.FileRange;
import java.io.IOException;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;

/**
 * The rows of a Parquet chunk, without the row groups and pages that the filter excludes.
 *
 * <p>If the query reads columns that the exact filter does not, a row group is read in two passes.
 * The first decodes the filter's columns and finds the rows that pass. The second reads only the
 * pages of the query's columns that have such rows. A file without a page index is read in one
 * pass, and so is a query that reads the filter's columns only.
 */
public final class ParquetRows implements ReadRows {
  private final ParquetFileReader file;
  private final FileRange range;
  private final RowGroupFilter filter;
  private final ReadMetrics metrics;
  private final ParquetColumns columns;
  private final ParquetGroups groups;
  private final RowTest test;
  private final List<Integer> all;
  private final List<Integer> shown;
  private final List<Integer> tested;

  private int nextGroup;
  private ParquetCell[] opened = {};
  private long rowsLeft;
  private boolean areTested;

  /** Whether the row before the last one is no row of the query. */
  private boolean isPadded;

  private ParquetRows(
      ParquetFileReader file,
      FileRange range,
      RowLayout layout,
      String token,
      EventScan scan,
      RowGroupFilter filter,
      ReadMetrics metrics) {
    this.file = file;
    this.range = range;
    this.filter = filter;
    this.metrics = metrics;
    MessageType stored = file.getFileMetaData().getSchema();
    if (!ParquetSchemaUtil.hasIds(stored)) {
      throw new IllegalStateException("its columns have no field ids");
    }
    String createdBy = file.getFileMetaData().getCreatedBy();
    this.columns = new ParquetColumns(stored, createdBy, layout, layout.constants(range, token));
    this.test = RowTests.of(scan.exact(), layout, columns.cells());
    this.all = layout.storedPositions();
    this.shown = all.stream().filter(position -> position < layout.arity()).toList();
    this.tested = scan.exact().isNone() ? List.of() : layout.positionsOf(scan.exact());
    MessageType read = columns.schema(all);
    this.groups = new ParquetGroups(file, read, filter.ofPages(range, read));
  }

  /**
   * Opens a range of a file.
   *
   * @throws IllegalStateException if its columns are not those of the table
   */
  public static ParquetRows open(
      InputFile input,
      FileRange range,
      RowLayout layout,
      String token,
      EventScan scan,
      RowGroupFilter filter,
      ReadMetrics metrics,
      Configuration hadoop)
      throws IOException {
    ParquetFileReader file =
        ParquetFileReader.open(new ParquetInput(input), options(range, hadoop));
    try {
      return new ParquetRows(file, range, layout, token, scan, filter, metrics);
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
  public long advance() throws IOException {
    while (true) {
      while (rowsLeft == 0) {
        if (nextGroup == file.getRowGroups().size()) {
          return 0;
        }
        enterGroup(nextGroup++);
      }
      long rows = next();
      if (!areTested || test.passes()) {
        return rows;
      }
    }
  }

  /** Without a column to decode, all rows that are left are equal. */
  private long next() {
    if (opened.length == 0) {
      long rows = rowsLeft;
      rowsLeft = 0;
      return rows;
    }
    if (isPadded && rowsLeft == 2) {
      decode();
    }
    decode();
    return 1;
  }

  private void decode() {
    rowsLeft--;
    for (ParquetCell cell : opened) {
      cell.advance();
    }
  }

  private void enterGroup(int index) throws IOException {
    BlockMetaData group = file.getRowGroups().get(index);
    MessageType schema = file.getFileMetaData().getSchema();
    RowRanges rows =
        filter.mayMatch(range, schema, group, file)
            ? groups.mayMatch(index, group)
            : RowRanges.EMPTY;
    if (rows.rowCount() == 0) {
      metrics.rowGroupsSkipped().inc();
      return;
    }
    metrics.rowGroups().inc();
    if (!tested.isEmpty() && !tested.containsAll(shown) && groups.hasPageIndex(group)) {
      MatchedRows matched = matching(index, group, rows);
      boolean padded = matched.pad();
      open(index, group, shown, matched.ranges(group.getRowCount()));
      isPadded = padded && opened.length > 0;
      rowsLeft = matched.count() - (padded && !isPadded ? 1 : 0);
      areTested = false;
    } else {
      open(index, group, all, rows);
      isPadded = false;
      areTested = true;
    }
  }

  private MatchedRows matching(int index, BlockMetaData group, RowRanges rows) throws IOException {
    PrimitiveIterator.OfLong positions = open(index, group, tested, rows);
    isPadded = false;
    MatchedRows matched = new MatchedRows();
    while (rowsLeft > 0) {
      long equal = next();
      boolean passes = test.passes();
      for (long i = 0; i < equal; i++) {
        long position = positions.nextLong();
        if (passes) {
          matched.add(position);
        }
      }
    }
    return matched;
  }

  /** Opens columns at their first row of these, and returns the positions of the rows. */
  private PrimitiveIterator.OfLong open(
      int index, BlockMetaData group, List<Integer> wanted, RowRanges rows) throws IOException {
    rowsLeft = rows.rowCount();
    MessageType schema = columns.schema(wanted);
    if (rowsLeft == 0 || schema.getFieldCount() == 0) {
      opened = new ParquetCell[0];
      return rows.iterator();
    }
    PageReadStore pages = groups.read(index, group, schema, rows);
    opened = columns.open(pages, wanted);
    return pages.getRowIndexes().orElseGet(LongStream.range(0, group.getRowCount())::iterator);
  }

  @Override
  public List<Cell> cells() {
    return columns.cells();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
