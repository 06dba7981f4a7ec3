package io.nova.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A Kafka partition as far as it was read: an element of the intake's state.
 *
 * @param partition its number
 * @param offset the greatest offset that was read
 * @param progress its progress at that offset
 */
public record ReadPartition(int partition, long offset, UploadProgress progress) {
  private static final int VERSION = 1;

  /** Its bytes, with a version. */
  public byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(partition);
      out.writeLong(offset);
      progress.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @param notAfterMicros the greatest progress that is possible, microseconds since 1970
   * @throws IllegalStateException where a newer Nova has written it
   */
  public static ReadPartition read(byte[] stored, long notAfterMicros) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            ("Progress of a partition: version %s found, %s expected. It was written by a newer "
                    + "Nova: restore with that one.")
                .formatted(version, VERSION));
      }
      return new ReadPartition(
          in.readInt(), in.readLong(), UploadProgress.read(in, notAfterMicros));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Progress of a partition cannot be read: " + e.getMessage(), e);
    }
  }
}
