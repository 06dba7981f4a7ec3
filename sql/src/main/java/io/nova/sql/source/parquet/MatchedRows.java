package io.nova.sql.source.parquet;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;

/**
 * Collects the rows of a row group that pass a filter. Parquet makes row ranges of pages only, so
 * each run of rows is given to it as a page.
 */
final class MatchedRows implements OffsetIndex {
  private static final int SMALLEST = 64;

  private long[] firsts = new long[SMALLEST];
  private long[] lasts = new long[SMALLEST];
  private int runs;

  /** Adds a row that is after all others. */
  void add(long row) {
    if (runs > 0 && lasts[runs - 1] == row - 1) {
      lasts[runs - 1] = row;
      return;
    }
    if (runs == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * runs);
      lasts = Arrays.copyOf(lasts, 2 * runs);
    }
    firsts[runs] = row;
    lasts[runs++] = row;
  }

  /** The number of rows, with the one that {@link #pad} added. */
  long count() {
    long count = 0;
    for (int i = 0; i < runs; i++) {
      count += lasts[i] - firsts[i] + 1;
    }
    return count;
  }

  /**
   * Adds the row before the last one, if the last one stands alone. Parquet's column reader takes
   * the last row for read as soon as it looks for it, and then does not open the row's page.
   *
   * @return whether it added a row
   */
  boolean pad() {
    if (runs == 0 || firsts[runs - 1] != lasts[runs - 1] || lasts[runs - 1] == 0) {
      return false;
    }
    firsts[runs - 1]--;
    return true;
  }

  /** The rows as ranges of a row group with this number of rows. */
  RowRanges ranges(long ofGroup) {
    return RowRanges.create(ofGroup, IntStream.range(0, runs).iterator(), this);
  }

  @Override
  public int getPageCount() {
    return runs;
  }

  @Override
  public long getFirstRowIndex(int run) {
    return firsts[run];
  }

  @Override
  public long getLastRowIndex(int run, long ofGroup) {
    return lasts[run];
  }

  @Override
  public long getOffset(int run) {
    throw new UnsupportedOperationException("A run of rows has no place in the file");
  }

  @Override
  public int getCompressedPageSize(int run) {
    throw new UnsupportedOperationException("A run of rows has no size in the file");
  }
}
