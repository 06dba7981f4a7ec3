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
 * The rows of a live view, read while they arrive. A truncated answer is an {@link IOException},
 * never an early end, and every later read fails with it. The caller closes the rows, early or at
 * the end.
 *
 * <p>Not thread safe.
 */
public final class LiveRows implements Closeable {
  private final String name;
  private final DataFileStream<IndexedRecord> avro;
  private @Nullable IndexedRecord row;
  private long read;
  private @Nullable IOException failure;

  /** Begins to read an answer. If that fails, it closes the body. */
  LiveRows(String name, InputStream body) throws IOException {
    this.name = name;
    try {
      this.avro = new DataFileStream<>(body, new GenericDatumReader<>());
    } catch (IOException | RuntimeException e) {
      body.close();
      throw brokenOff(e);
    }
  }

  /** The columns in the order of the request. */
  public Schema schema() {
    return avro.getSchema();
  }

  /**
   * Reads the next row, valid until the next call; null after the last.
   *
   * @throws IOException if the answer breaks off or is not a live server's
   */
  public @Nullable IndexedRecord next() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    try {
      if (!avro.hasNext()) {
        return null;
      }
      row = avro.next(row);
      read++;
      return row;
    } catch (IOException | AvroRuntimeException e) {
      failure = brokenOff(e);
      throw failure;
    }
  }

  private IOException brokenOff(Exception e) {
    Throwable reason = e instanceof AvroRuntimeException && e.getCause() != null ? e.getCause() : e;
    return new IOException(
        "%s: its rows broke off after the first %d: %s. Nothing is shown of them. Ask again."
            .formatted(name, read, sentence(String.valueOf(reason.getMessage()))),
        e);
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  @Override
  public void close() throws IOException {
    avro.close();
  }
}
