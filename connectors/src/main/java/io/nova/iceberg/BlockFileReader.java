package io.nova.iceberg;

import io.nova.event.Micros;
import io.nova.event.row.EventSchema;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** A reader of block files. It hands out encoded rows and decodes only their sort keys. */
final class BlockFileReader {
  private static final Schema KEY =
      Schema.createRecord(
          "event",
          null,
          "io.nova",
          false,
          List.of("app", "event_type", "event_time").stream()
              .map(
                  name ->
                      new Schema.Field(
                          EventSchema.avro().getField(name),
                          EventSchema.avro().getField(name).schema()))
              .toList());

  private final Configuration hadoop;

  BlockFileReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** A consumer of encoded rows and their sort keys. */
  interface RowConsumer {
    void row(long app, String eventType, long eventMicros, byte[] source, int offset, int length);
  }

  /**
   * Hands all rows of a file to the consumer.
   *
   * @throws IllegalStateException if the schema or the row count is not the expected one
   * @throws UncheckedIOException if the file cannot be read
   */
  void read(BlockFile file, RowConsumer consumer) {
    Path path = new Path(file.path());
    long rows = 0;
    try (InputStream in = path.getFileSystem(hadoop).open(path);
        DataFileStream<GenericRecord> avro = new DataFileStream<>(in, new GenericDatumReader<>())) {
      if (!avro.getSchema().equals(EventSchema.avro())) {
        throw new IllegalStateException(
            ("Block file %s has another schema than this Nova writes. Not merged; the file stays as "
                    + "it is.")
                .formatted(path));
      }
      GenericDatumReader<GenericRecord> keys = new GenericDatumReader<>(avro.getSchema(), KEY);
      while (avro.hasNext()) {
        long count = avro.getBlockCount();
        read(avro.nextBlock(), count, keys, consumer);
        rows += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Block file " + path + " could not be read", e);
    }
    if (rows != file.rows()) {
      throw new IllegalStateException(
          "Block file %s: %s rows, the table says %s. Not merged; the file stays as it is."
              .formatted(path, rows, file.rows()));
    }
  }

  private static void read(
      ByteBuffer block, long count, GenericDatumReader<GenericRecord> keys, RowConsumer consumer)
      throws IOException {
    int start = block.arrayOffset() + block.position();
    int length = block.remaining();
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(block.array(), start, length, null);
    InputStream rest = decoder.inputStream();
    GenericRecord key = null;
    int from = start;
    for (long i = 0; i < count; i++) {
      key = keys.read(key, decoder);
      int to = start + length - rest.available();
      consumer.row(
          number(key.get(0)),
          Objects.toString(key.get(1), ""),
          number(key.get(2)),
          block.array(),
          from,
          to - from);
      from = to;
    }
  }

  private static long number(@Nullable Object value) {
    return value == null ? Micros.UNKNOWN : (Long) value;
  }
}
