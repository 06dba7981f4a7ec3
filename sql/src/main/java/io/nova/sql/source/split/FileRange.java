package io.nova.sql.source.split;

import org.apache.iceberg.FileFormat;

/**
 * A range of a data file. It has the Avro blocks or Parquet row groups that begin in it.
 *
 * @param layer the table that has the file
 * @param path location of the file in the table's metadata
 * @param format Avro for a block file, Parquet for a chunk
 * @param batchNumber the batch of all rows
 * @param start first byte of the range
 * @param length bytes in the range
 * @param fileSizeBytes bytes in the whole file
 * @param fileRows rows in the whole file
 */
public record FileRange(
    Layer layer,
    String path,
    FileFormat format,
    long batchNumber,
    long start,
    long length,
    long fileSizeBytes,
    long fileRows)
    implements SplitPart {
  /** A table with events. */
  public enum Layer {
    /** Nova's own table. */
    EVENTS,
    /** The table of the batch layer. */
    BATCHES
  }

  /**
   * Checks format and range.
   *
   * @throws IllegalArgumentException if the format is another, or the range is not in the file
   */
  public FileRange {
    if (format != FileFormat.AVRO && format != FileFormat.PARQUET) {
      throw new IllegalArgumentException(
          "File %s: found %s, expected Avro or Parquet. It is not read.".formatted(path, format));
    }
    if (start < 0 || length < 0 || start + length > fileSizeBytes || fileRows < 0) {
      throw new IllegalArgumentException(
          "File %s: impossible range %s+%s of %s".formatted(path, start, length, fileSizeBytes));
    }
  }

  @Override
  public String title() {
    return "File " + path;
  }

  /** Whether the range is the whole file. */
  public boolean isWholeFile() {
    return length == fileSizeBytes;
  }
}
