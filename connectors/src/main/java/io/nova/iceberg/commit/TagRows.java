package io.nova.iceberg.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/**
 * The rows that the tag of a closed batch names.
 *
 * @param table the event table as loaded
 * @param batch the number of the batch
 */
public record TagRows(Table table, long batch) {
  /** Whether the batch has a tag. */
  public boolean exist() {
    return table.refs().containsKey(BatchTags.name(batch));
  }

  /** UUID of the link that closed the batch; empty if the batch has no tag. */
  public Optional<String> link() {
    return snapshot().map(snapshot -> snapshot.summary().get(LinkSummary.TAG_LINK));
  }

  /** Iceberg's snapshot that the tag names; empty if the batch has no tag. */
  public Optional<Snapshot> snapshot() {
    return Optional.ofNullable(table.snapshot(BatchTags.name(batch)));
  }

  /**
   * Reads some columns of all rows. The record is reused.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  public void forEach(Consumer<Record> row, String... columns) {
    forEach(Expressions.alwaysTrue(), row, columns);
  }

  /**
   * As {@link #forEach(Consumer, String...)}, without most of the rows that do not meet a
   * condition: files and row groups are skipped, single rows are not.
   */
  void forEach(Expression where, Consumer<Record> row, String... columns) {
    Schema schema = table.schema().select(columns);
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useRef(BatchTags.name(batch)).filter(where).planFiles()) {
      for (FileScanTask file : files) {
        read(file.file(), where, schema, row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Tag %s of table %s cannot be read".formatted(BatchTags.name(batch), table.location()),
          e);
    }
  }

  private void read(DataFile file, Expression where, Schema schema, Consumer<Record> row)
      throws IOException {
    if (file.format() != FileFormat.PARQUET) {
      throw new IllegalStateException(
          "File %s of a tag is %s, expected a chunk: a closed batch has no block files"
              .formatted(file.location(), file.format()));
    }
    try (CloseableIterable<Record> rows =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(schema)
            .filter(where)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      rows.forEach(row);
    }
  }
}
