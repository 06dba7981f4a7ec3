package io.nova.shard.log;

import com.github.luben.zstd.Zstd;
import io.nova.shard.fingerprint.EventFingerprints;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The stored form of consecutive rows of a block, as they are in the write-ahead log.
 *
 * <p>Version 1, big-endian: version (1 byte), codec (1: 0 plain, 1 zstd), count of rows (4), plain
 * length of the body (4), CRC-32C of these and of the body as stored (4), the body.
 *
 * <p>The plain body has for each row: the fingerprint of its identity (16), its length (4) and its
 * bytes. Where its payload is tracked ({@link EventFingerprints}), the low half of the payload's
 * fingerprint (8) is before the length.
 */
public final class Segment {
  private static final byte VERSION = 1;
  private static final byte PLAIN = 0;
  private static final byte ZSTD = 1;
  private static final int ZSTD_LEVEL = 1;
  private static final int CHECKSUM_AT = 1 + 1 + 4 + 4;
  private static final int HEADER_BYTES = CHECKSUM_AT + 4;

  /** The most that a row takes beside its bytes. */
  public static final int ROW_OVERHEAD_BYTES = 16 + 8 + 4;

  private Segment() {}

  /** Takes the rows of a segment, in order. */
  public interface RowConsumer {
    /**
     * One row.
     *
     * @param high high half of the fingerprint of its identity
     * @param low low half, as it is stored
     * @param rows an array that contains it, valid only during the call
     * @param offset index of its first byte
     * @param length its bytes
     */
    void row(long high, long low, byte[] rows, int offset, int length);
  }

  /** Takes the rows of a segment with all of their fingerprints. */
  public interface EntryConsumer {
    /**
     * One row, as for {@link RowConsumer}.
     *
     * @param payloadLow low half of the fingerprint of its payload; 0 where that is not tracked
     */
    void entry(long high, long low, long payloadLow, byte[] rows, int offset, int length);
  }

  /**
   * Appends a row to a body that has {@link #ROW_OVERHEAD_BYTES} and the row's bytes to spare.
   *
   * @param low low half of the fingerprint of its identity, as it is stored
   * @param payloadLow low half of the fingerprint of its payload; of no meaning unless tracked
   */
  public static void append(
      ByteBuffer body, long high, long low, long payloadLow, byte[] rows, int offset, int length) {
    body.putLong(high).putLong(low);
    if (EventFingerprints.isTracked(low)) {
      body.putLong(payloadLow);
    }
    body.putInt(length).put(rows, offset, length);
  }

  /** Stores a full segment, compressed. */
  public static byte[] compressed(byte[] body, int length, int count) {
    byte[] target = new byte[HEADER_BYTES + (int) Zstd.compressBound(length)];
    long size =
        Zstd.compressByteArray(
            target, HEADER_BYTES, target.length - HEADER_BYTES, body, 0, length, ZSTD_LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    return finish(Arrays.copyOf(target, HEADER_BYTES + (int) size), ZSTD, count, length);
  }

  /** Stores a segment that will grow, plain. */
  public static byte[] plain(byte[] body, int length, int count) {
    byte[] target = new byte[HEADER_BYTES + length];
    System.arraycopy(body, 0, target, HEADER_BYTES, length);
    return finish(target, PLAIN, count, length);
  }

  private static byte[] finish(byte[] stored, byte codec, int count, int plainLength) {
    ByteBuffer.wrap(stored).put(VERSION).put(codec).putInt(count).putInt(plainLength);
    ByteBuffer.wrap(stored).putInt(CHECKSUM_AT, checksumOf(stored));
    return stored;
  }

  /** The number of rows of a stored segment. */
  public static int count(byte[] stored) {
    return ByteBuffer.wrap(stored).getInt(2);
  }

  /** The checksum that a stored segment states, not verified. */
  public static int checksum(byte[] stored) {
    return ByteBuffer.wrap(stored).getInt(CHECKSUM_AT);
  }

  /** Whether a stored segment is plain: its block may append to it. */
  public static boolean isPlain(byte[] stored) {
    return stored[1] == PLAIN;
  }

  /** The plain body of a stored segment, whose checksum is verified. */
  static byte[] body(byte[] stored) {
    check(stored);
    int plainLength = ByteBuffer.wrap(stored).getInt(6);
    byte[] body = Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
    return isPlain(stored) ? body : Zstd.decompress(body, plainLength);
  }

  private static void check(byte[] stored) {
    if (stored.length < HEADER_BYTES) {
      throw damaged(stored, "too few bytes for a header");
    }
    byte version = stored[0];
    byte codec = stored[1];
    if (version != VERSION || codec > ZSTD || codec < PLAIN) {
      throw new IllegalStateException(
          "Log segment: found version %d, codec %d; expected version %d, codecs %d and %d."
                  .formatted(version, codec, VERSION, PLAIN, ZSTD)
              + " Where a newer Nova wrote it, restore with that one; else the state is damaged:"
              + " restore an older checkpoint or savepoint.");
    }
    if (checksum(stored) != checksumOf(stored)) {
      throw damaged(stored, "a checksum that does not match its " + count(stored) + " rows");
    }
  }

  /**
   * Passes the rows of a stored segment to a consumer.
   *
   * @throws IllegalStateException where it is not what was written
   */
  public static void read(byte[] stored, RowConsumer consumer) {
    readEntries(stored, withoutPayload(consumer));
  }

  /** Passes the rows of a tail to a consumer. */
  public static void read(SegmentView.Tail tail, RowConsumer consumer) {
    readBody(tail.body(), tail.length(), tail.rows(), withoutPayload(consumer));
  }

  private static EntryConsumer withoutPayload(RowConsumer consumer) {
    return (high, low, payloadLow, rows, offset, length) ->
        consumer.row(high, low, rows, offset, length);
  }

  /**
   * Passes the rows of a stored segment with their fingerprints to a consumer.
   *
   * @throws IllegalStateException where it is not what was written
   */
  public static void readEntries(byte[] stored, EntryConsumer consumer) {
    byte[] body = body(stored);
    int read = readBody(body, body.length, count(stored), consumer);
    if (read != body.length) {
      throw damaged(stored, body.length - read + " bytes after its last row");
    }
  }

  private static int readBody(byte[] bytes, int bodyLength, int rows, EntryConsumer consumer) {
    ByteBuffer body = ByteBuffer.wrap(bytes, 0, bodyLength);
    for (int i = rows; i > 0; i--) {
      long high = body.getLong();
      long low = body.getLong();
      long payloadLow = EventFingerprints.isTracked(low) ? body.getLong() : 0;
      int length = body.getInt();
      consumer.entry(high, low, payloadLow, bytes, body.position(), length);
      body.position(body.position() + length);
    }
    return body.position();
  }

  private static int checksumOf(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, CHECKSUM_AT);
    crc.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) crc.getValue();
  }

  private static IllegalStateException damaged(byte[] stored, String found) {
    return new IllegalStateException(
        ("Log segment of %s bytes: found %s. The state is damaged: restore an older "
                + "checkpoint or savepoint.")
            .formatted(stored.length, found));
  }
}
