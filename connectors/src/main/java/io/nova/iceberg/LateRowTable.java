package io.nova.iceberg;

import io.nova.event.row.EventSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The table of the late events that the reference batch layer adds to its batches: the columns of
 * the event table, partitioned by batch number. The job neither reads nor writes it. For one
 * thread.
 */
public final class LateRowTable {
  /** The name of the table in every warehouse. */
  public static final TableIdentifier NAME = TableIdentifier.of("nova", "late_rows");

  private final Table table;
  private final Configuration hadoop = Storage.configuration();

  private LateRowTable(Table table) {
    this.table = table;
  }

  /** Finds the table with its newest metadata; empty if the batch layer has not made it. */
  public static Optional<LateRowTable> find(CatalogAddress address) {
    return TableCatalog.of(address).find(NAME).map(LateRowTable::new);
  }

  /** Finds the table of a warehouse of the Hadoop catalog. */
  public static Optional<LateRowTable> find(String warehouse) {
    return find(CatalogAddress.hadoop(warehouse));
  }

  /** Iceberg's handle of the table. */
  public Table iceberg() {
    return table;
  }

  /**
   * Replaces the rows of a batch in one commit. Nothing is committed if there are none before and
   * after.
   *
   * @param rows Avro bytes of {@link EventSchema#avro()}, whose positions stay
   * @throws UncheckedIOException if the file cannot be written
   */
  public void replace(long batch, List<ByteBuffer> rows) {
    if (rows.isEmpty() && isEmpty(batch)) {
      return;
    }
    OverwriteFiles overwrite = table.newOverwrite().overwriteByRowFilter(of(batch));
    if (!rows.isEmpty()) {
      overwrite.addFile(write(batch, rows));
    }
    overwrite.commit();
  }

  /** Whether no late event of a batch is in the table. */
  public boolean isEmpty(long batch) {
    try (CloseableIterable<FileScanTask> files = table.newScan().filter(of(batch)).planFiles()) {
      return !files.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException("Table %s cannot be read".formatted(table.location()), e);
    }
  }

  private static Expression of(long batch) {
    return Expressions.equal(EventSchema.BATCH_NUMBER, batch);
  }

  private DataFile write(long batch, List<ByteBuffer> rows) {
    Path path =
        new Path(
            "%s/data/batch_number=%d/late-%s.avro"
                .formatted(table.location(), batch, UUID.randomUUID()));
    try {
      append(path, rows);
      return DataFiles.builder(table.spec())
          .withPath(path.toString())
          .withFormat(FileFormat.AVRO)
          .withFileSizeInBytes(path.getFileSystem(hadoop).getFileStatus(path).getLen())
          .withRecordCount(rows.size())
          .withPartitionValues(List.of(Long.toString(batch)))
          .build();
    } catch (IOException e) {
      Leftovers.delete(hadoop, path, e);
      throw new UncheckedIOException("Late rows " + path + " could not be written", e);
    }
  }

  private void append(Path path, List<ByteBuffer> rows) throws IOException {
    try (FSDataOutputStream out = path.getFileSystem(hadoop).create(path, false);
        DataFileWriter<GenericRecord> avro = new DataFileWriter<>(new GenericDatumWriter<>())) {
      avro.setCodec(CodecFactory.zstandardCodec(1, true));
      avro.create(EventSchema.avro(), out);
      for (ByteBuffer row : rows) {
        avro.appendEncoded(row.duplicate());
      }
    }
  }
}
