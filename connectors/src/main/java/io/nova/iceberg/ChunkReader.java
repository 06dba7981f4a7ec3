package io.nova.iceberg;

import io.nova.event.row.RowCursor;
import io.nova.event.row.RowFormat;
import io.nova.iceberg.BlockFileReader.RowConsumer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * A reader of small chunks. It encodes their rows again, exactly as block files have them. Not
 * thread safe.
 */
final class ChunkReader {
  private static final int LAST_COLUMN = RowFormat.columns() - 1;

  private final Configuration hadoop;
  private final RowCursor cursor = new RowCursor();
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(row, null);

  ChunkReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Hands all rows of a file to the consumer.
   *
   * @throws IllegalStateException if the columns or the row count are not the expected ones
   * @throws UncheckedIOException if the file cannot be read
   */
  void read(SmallChunk chunk, RowConsumer consumer) {
    long rows = 0;
    try (ParquetFileReader file = open(new Path(chunk.path()))) {
      MessageType schema = file.getFileMetaData().getSchema();
      if (!schema.equals(ChunkFile.SCHEMA)) {
        throw new IllegalStateException(
            ("Chunk %s has other columns than this Nova writes. Not merged; the file stays as it "
                    + "is.")
                .formatted(chunk.path()));
      }
      String createdBy = file.getFileMetaData().getCreatedBy();
      for (PageReadStore group = file.readNextRowGroup();
          group != null;
          group = file.readNextRowGroup()) {
        rows += group.getRowCount();
        read(
            new ColumnReadStoreImpl(group, new NoConverter(), schema, createdBy),
            group.getRowCount(),
            consumer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Chunk " + chunk.path() + " could not be read", e);
    }
    if (rows != chunk.rows()) {
      throw new IllegalStateException(
          "Chunk %s: %s rows, the table says %s. Not merged; the file stays as it is."
              .formatted(chunk.path(), rows, chunk.rows()));
    }
  }

  private ParquetFileReader open(Path path) throws IOException {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(path, hadoop),
        HadoopReadOptions.builder(hadoop).usePageChecksumVerification(true).build());
  }

  private void read(ColumnReadStoreImpl store, long rows, RowConsumer consumer) throws IOException {
    ColumnReader[] columns =
        ChunkFile.SCHEMA.getColumns().stream()
            .map(store::getColumnReader)
            .toArray(ColumnReader[]::new);
    for (long i = 0; i < rows; i++) {
      row.reset();
      for (int column = 0; column < columns.length; column++) {
        encode(columns[column], column);
        columns[column].consume();
      }
      cursor.move(row.toByteArray(), 0, LAST_COLUMN);
      consumer.row(cursor);
    }
  }

  private void encode(ColumnReader column, int position) throws IOException {
    if (RowFormat.optional(position)) {
      int level = column.getCurrentDefinitionLevel();
      encoder.writeIndex(level);
      if (level == 0) {
        return;
      }
    }
    switch (RowFormat.type(position)) {
      case LONG -> encoder.writeLong(column.getLong());
      case INT -> encoder.writeInt(column.getInteger());
      case DOUBLE -> encoder.writeDouble(column.getDouble());
      case BOOLEAN -> encoder.writeBoolean(column.getBoolean());
      default -> encoder.writeBytes(column.getBinary().toByteBuffer());
    }
  }

  /** Values are taken from the column readers. */
  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int column) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
