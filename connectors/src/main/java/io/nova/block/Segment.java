package io.nova.block;

import com.github.luben.zstd.Zstd;
import io.nova.event.RowMark;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of consecutive rows of a block, as it stands in the write-ahead log.
 *
 * <p>Version 2, big-endian: version (1 byte), codec (1: 0 plain, 1 zstd), count of rows (4), plain
 * length (4), CRC-32C of these and of the body as stored (4), body. The body, once plain, is for
 * each row its fingerprint (16), whether a witness follows (1: 0 or 1), the witness (28: payload
 * digest 8, upload time 8, partition 4, offset 8), its length (4) and its bytes.
 *
 * <p>Version 1 had no witnesses, and its rows no mark: they are handed out with an empty one.
 */
public final class Segment {
  private static final byte UNMARKED = 1;
  private static final byte VERSION = 2;
  private static final byte PLAIN = 0;
  private static final byte ZSTD = 1;
  private static final int ZSTD_LEVEL = 1;
  private static final int CHECKSUM_AT = 1 + 1 + 4 + 4;
  private static final int HEADER_BYTES = CHECKSUM_AT + 4;
  private static final int WITNESS_BYTES = 8 + 8 + 4 + 8;

  /** Where in a row of a body its witness is, if it has one. */
  static final int WITNESS_AT = 16 + 1;

  /** Where it is if a row has none: no witness begins a body. */
  static final int NO_WITNESS = 0;

  /** What a row takes at most beside its bytes. */
  static final int ROW_OVERHEAD_BYTES = WITNESS_AT + WITNESS_BYTES + 4;

  private Segment() {}

  /** Takes the rows of a segment, one by one and in order. */
  public interface RowConsumer {
    /**
     * One row.
     *
     * @param rows an array that holds it, valid only during the call
     * @param offset its first byte
     * @param length its bytes
     */
    void row(long high, long low, byte[] rows, int offset, int length);
  }

  /** Takes the rows of a segment with what is remembered of them. */
  interface EntryConsumer {
    /** One row, as for {@link RowConsumer}, and where its {@link #witness} begins in the array. */
    void entry(long high, long low, int witnessAt, byte[] rows, int offset, int length);
  }

  /** Appends a row to a body that has {@link #ROW_OVERHEAD_BYTES} and the row's bytes to spare. */
  static void append(
      ByteBuffer body,
      long high,
      long low,
      @Nullable Witness witness,
      byte[] rows,
      int offset,
      int length) {
    body.putLong(high).putLong(low).put((byte) (witness == null ? 0 : 1));
    if (witness != null) {
      body.putLong(witness.payload()).putLong(witness.uploadMicros());
      body.putInt(witness.partition()).putLong(witness.offset());
    }
    body.putInt(length).put(rows, offset, length);
  }

  /** Stores a full segment, compressed. */
  static byte[] compressed(byte[] body, int length, int count) {
    byte[] target = new byte[HEADER_BYTES + (int) Zstd.compressBound(length)];
    long size =
        Zstd.compressByteArray(
            target, HEADER_BYTES, target.length - HEADER_BYTES, body, 0, length, ZSTD_LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    return finish(Arrays.copyOf(target, HEADER_BYTES + (int) size), ZSTD, count, length);
  }

  /** Stores a segment that will grow yet, plain. */
  static byte[] plain(byte[] body, int length, int count) {
    byte[] target = new byte[HEADER_BYTES + length];
    System.arraycopy(body, 0, target, HEADER_BYTES, length);
    return finish(target, PLAIN, count, length);
  }

  private static byte[] finish(byte[] stored, byte codec, int count, int plainLength) {
    ByteBuffer header = ByteBuffer.wrap(stored);
    header.put(VERSION).put(codec).putInt(count).putInt(plainLength);
    header.putInt(checksumOf(stored));
    return stored;
  }

  /** How many rows a stored segment holds. */
  public static int count(byte[] stored) {
    return ByteBuffer.wrap(stored).getInt(2);
  }

  /** The checksum that a stored segment names, unchecked. */
  public static int checksum(byte[] stored) {
    return ByteBuffer.wrap(stored).getInt(CHECKSUM_AT);
  }

  /** Whether a stored segment was still growing. */
  static boolean isPlain(byte[] stored) {
    return stored[1] == PLAIN;
  }

  /** The plain body of a stored segment, checked. */
  static byte[] body(byte[] stored) {
    if (stored.length < HEADER_BYTES) {
      throw damaged(stored, "too few bytes for a header");
    }
    ByteBuffer header = ByteBuffer.wrap(stored);
    byte version = header.get();
    byte codec = header.get();
    int count = header.getInt();
    int plainLength = header.getInt();
    if ((version != VERSION && version != UNMARKED) || codec > ZSTD || codec < PLAIN) {
      throw damaged(stored, "version " + version + ", codec " + codec);
    }
    if (header.getInt() != checksumOf(stored)) {
      throw damaged(stored, "a checksum that does not match its " + count + " rows");
    }
    return codec == ZSTD
        ? Zstd.decompress(Arrays.copyOfRange(stored, HEADER_BYTES, stored.length), plainLength)
        : Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
  }

  /**
   * Hands out the rows of a stored segment.
   *
   * @throws IllegalStateException where it is not what was written
   */
  public static void read(byte[] stored, RowConsumer consumer) {
    readEntries(
        stored,
        (high, low, witnessAt, rows, offset, length) ->
            consumer.row(high, low, rows, offset, length));
  }

  /** Hands out the rows of a stored segment with what is remembered of them. */
  static void readEntries(byte[] stored, EntryConsumer consumer) {
    byte[] body = body(stored);
    int read = readBody(body, body.length, count(stored), stored[0] == UNMARKED, consumer);
    if (read != body.length) {
      throw damaged(stored, body.length - read + " bytes behind its last row");
    }
  }

  /** Hands out the rows of a tail. */
  public static void read(SegmentView.Tail tail, RowConsumer consumer) {
    readBody(
        tail.body(),
        tail.length(),
        tail.rows(),
        false,
        (high, low, witnessAt, rows, offset, length) ->
            consumer.row(high, low, rows, offset, length));
  }

  private static int readBody(
      byte[] bytes, int bodyLength, int rows, boolean unmarked, EntryConsumer consumer) {
    ByteBuffer body = ByteBuffer.wrap(bytes, 0, bodyLength);
    for (int i = rows; i > 0; i--) {
      long high = body.getLong();
      long low = body.getLong();
      int witnessAt = NO_WITNESS;
      if (!unmarked && body.get() != 0) {
        witnessAt = body.position();
        body.position(witnessAt + WITNESS_BYTES);
      }
      int length = body.getInt();
      if (unmarked) {
        byte[] row = RowMark.none(bytes, body.position(), length);
        consumer.entry(high, low, NO_WITNESS, row, 0, row.length);
      } else {
        consumer.entry(high, low, witnessAt, bytes, body.position(), length);
      }
      body.position(body.position() + length);
    }
    return body.position();
  }

  /** The witness that begins at this byte of a body; null for {@link #NO_WITNESS}. */
  static @Nullable Witness witness(byte[] body, int at) {
    if (at == NO_WITNESS) {
      return null;
    }
    ByteBuffer witness = ByteBuffer.wrap(body, at, WITNESS_BYTES);
    return new Witness(witness.getLong(), witness.getLong(), witness.getInt(), witness.getLong());
  }

  private static int checksumOf(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, CHECKSUM_AT);
    crc.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) crc.getValue();
  }

  private static IllegalStateException damaged(byte[] stored, String found) {
    return new IllegalStateException(
        "Log segment of "
            + stored.length
            + " bytes: found "
            + found
            + ". The state is damaged: restore an older checkpoint or savepoint.");
  }
}
