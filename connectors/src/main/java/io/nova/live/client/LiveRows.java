package io.nova.live.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a live view as they come in. An answer that ends before its end is an {@link
 * IOException}, never an early end.
 *
 * <p>Not thread safe.
 */
public final class LiveRows implements Closeable {
  private final String name;
  private final DataFileStream<IndexedRecord> avro;
  private @Nullable IndexedRecord row;
  private long read;

  /** Reads an answer, of which it takes care also where this fails. */
  LiveRows(String name, InputStream body) throws IOException {
    this.name = name;
    try {
      this.avro = new DataFileStream<>(body, new GenericDatumReader<>());
    } catch (IOException | RuntimeException e) {
      body.close();
      throw brokenOff(e);
    }
  }

  /** The columns, in the order they were asked for. */
  public Schema schema() {
    return avro.getSchema();
  }

  /**
   * The next row, valid until the next call; null behind the last.
   *
   * @throws IOException where the rows break off, or are not a live server's
   */
  public @Nullable IndexedRecord next() throws IOException {
    try {
      if (!avro.hasNext()) {
        return null;
      }
      row = avro.next(row);
      read++;
      return row;
    } catch (IOException | AvroRuntimeException e) {
      throw brokenOff(e);
    }
  }

  private IOException brokenOff(Exception e) {
    Throwable reason = e instanceof AvroRuntimeException && e.getCause() != null ? e.getCause() : e;
    return new IOException(
        "%s: its rows broke off behind the first %d: %s. Ask again; the job's log has the reason."
            .formatted(name, read, reason.getMessage()),
        e);
  }

  @Override
  public void close() throws IOException {
    avro.close();
  }
}
