package io.nova.sql.source.parquet;

import java.io.IOException;
import java.util.HashSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexFilter;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexStore;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The row groups of one Parquet file: which pages may have wanted rows, and those pages. */
final class ParquetGroups {
  private final ParquetFileReader file;
  private final MessageType columns;
  private final @Nullable FilterPredicate filter;

  /**
   * The row groups of a file.
   *
   * @param columns all columns that the filter or the query reads
   * @param filter excludes pages by their bounds; null for none
   */
  ParquetGroups(ParquetFileReader file, MessageType columns, @Nullable FilterPredicate filter) {
    this.file = file;
    this.columns = columns;
    this.filter = filter;
  }

  /** Whether the file says where the pages of all columns are in a row group. */
  boolean hasPageIndex(BlockMetaData group) {
    Set<ColumnPath> read = paths();
    return group.getColumns().stream()
        .filter(column -> read.contains(column.getPath()))
        .allMatch(ParquetGroups::hasPageIndex);
  }

  private static boolean hasPageIndex(ColumnChunkMetaData column) {
    return column.getOffsetIndexReference() != null;
  }

  private Set<ColumnPath> paths() {
    Set<ColumnPath> paths = new HashSet<>();
    for (ColumnDescriptor column : columns.getColumns()) {
      paths.add(ColumnPath.get(column.getPath()));
    }
    return paths;
  }

  /** The rows that the bounds of pages do not exclude; all rows without bounds. */
  RowRanges mayMatch(int index, BlockMetaData group) {
    if (filter == null || !hasPageIndex(group)) {
      return RowRanges.createSingle(group.getRowCount());
    }
    RowRanges rows =
        ColumnIndexFilter.calculateRowRanges(
            FilterCompat.get(filter), store(index), paths(), group.getRowCount());
    return endsWithOneRow(rows) ? RowRanges.createSingle(group.getRowCount()) : rows;
  }

  /** See {@link MatchedRows#pad}. Pages of one row are rare. */
  private static boolean endsWithOneRow(RowRanges rows) {
    long before = -1;
    long last = -1;
    for (PrimitiveIterator.OfLong all = rows.iterator(); all.hasNext(); ) {
      before = last;
      last = all.nextLong();
    }
    return last > before + 1;
  }

  /**
   * Reads the pages of these columns that have one of the rows.
   *
   * @param wanted columns of the file, at least one
   */
  PageReadStore read(int index, BlockMetaData group, MessageType wanted, RowRanges rows)
      throws IOException {
    if (rows.rowCount() < group.getRowCount()) {
      store(index);
    }
    file.setRequestedSchema(wanted);
    return rows.rowCount() < group.getRowCount()
        ? file.readFilteredRowGroup(index, rows)
        : file.readRowGroup(index);
  }

  /** The page index of all columns: the reader keeps the first one that it is asked for. */
  private ColumnIndexStore store(int index) {
    file.setRequestedSchema(columns);
    return file.getColumnIndexStore(index);
  }
}
