package io.nova.shard.log;

import com.github.luben.zstd.Zstd;
import io.nova.shard.fingerprint.PackedWitnesses;
import io.nova.shard.fingerprint.WitnessList;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of consecutive rows of a block, as it stands in the write-ahead log.
 *
 * <p>Version 1, big-endian: version (1 byte), codec (1: 0 plain, 1 zstd), count of rows (4), plain
 * length of the body (4), CRC-32C of these and of what follows as stored (4), length of the
 * witnesses (4: 0 where nothing is remembered of any row, -1 where of each row is remembered what
 * {@link WitnessReader} reads out of it), the {@link PackedWitnesses}, which are never compressed,
 * the body. The body, once plain, is for each row its fingerprint (16), its length (4) and its
 * bytes.
 */
public final class Segment {
  private static final byte VERSION = 1;
  private static final int READ_FROM_ROWS = -1;
  private static final byte PLAIN = 0;
  private static final byte ZSTD = 1;
  private static final int ZSTD_LEVEL = 1;
  private static final int CHECKSUM_AT = 1 + 1 + 4 + 4;
  private static final int HEADER_BYTES = CHECKSUM_AT + 4;

  /** What a row takes beside its bytes. */
  public static final int ROW_OVERHEAD_BYTES = 16 + 4;

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

  /**
   * What a segment remembers of its rows.
   *
   * @param fromRows of each what {@link WitnessReader} reads out of it
   * @param packed else the witnesses; null for nothing
   */
  public record Remembered(boolean fromRows, @Nullable PackedWitnesses packed) {
    /** What can be read out of each row. */
    public static final Remembered FROM_ROWS = new Remembered(true, null);

    /** The witnesses; null for nothing. */
    public static Remembered of(@Nullable PackedWitnesses packed) {
      return new Remembered(false, packed);
    }

    private int bytes() {
      return packed == null ? 0 : packed.bytes();
    }

    private void write(ByteBuffer target) {
      target.putInt(fromRows ? READ_FROM_ROWS : bytes());
      if (packed != null) {
        packed.copyTo(target);
      }
    }
  }

  /** Appends a row to a body that has {@link #ROW_OVERHEAD_BYTES} and the row's bytes to spare. */
  public static void append(
      ByteBuffer body, long high, long low, byte[] rows, int offset, int length) {
    body.putLong(high).putLong(low).putInt(length).put(rows, offset, length);
  }

  /** Stores a full segment, compressed. */
  public static byte[] compressed(byte[] body, int length, int count, Remembered remembered) {
    int bodyAt = bodyAt(remembered);
    byte[] target = new byte[bodyAt + (int) Zstd.compressBound(length)];
    long size =
        Zstd.compressByteArray(target, bodyAt, target.length - bodyAt, body, 0, length, ZSTD_LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    return finish(Arrays.copyOf(target, bodyAt + (int) size), ZSTD, count, length, remembered);
  }

  /** Stores a segment that will grow yet, plain. */
  public static byte[] plain(byte[] body, int length, int count, Remembered remembered) {
    int bodyAt = bodyAt(remembered);
    byte[] target = new byte[bodyAt + length];
    System.arraycopy(body, 0, target, bodyAt, length);
    return finish(target, PLAIN, count, length, remembered);
  }

  private static int bodyAt(Remembered remembered) {
    return HEADER_BYTES + Integer.BYTES + remembered.bytes();
  }

  private static byte[] finish(
      byte[] stored, byte codec, int count, int plainLength, Remembered remembered) {
    ByteBuffer target = ByteBuffer.wrap(stored);
    target.position(HEADER_BYTES);
    remembered.write(target);
    target.position(0);
    target.put(VERSION).put(codec).putInt(count).putInt(plainLength);
    target.putInt(checksumOf(stored));
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
  public static boolean isPlain(byte[] stored) {
    return stored[1] == PLAIN;
  }

  /** The plain body of a stored segment, checked. */
  static byte[] body(byte[] stored) {
    check(stored);
    int plainLength = ByteBuffer.wrap(stored).getInt(6);
    byte[] body = Arrays.copyOfRange(stored, bodyAt(stored), stored.length);
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

  private static int bodyAt(byte[] stored) {
    return HEADER_BYTES + Integer.BYTES + Math.max(0, witnessBytes(stored));
  }

  private static int witnessBytes(byte[] stored) {
    return ByteBuffer.wrap(stored).getInt(HEADER_BYTES);
  }

  /**
   * Hands out the rows of a stored segment.
   *
   * @throws IllegalStateException where it is not what was written
   */
  public static void read(byte[] stored, RowConsumer consumer) {
    byte[] body = body(stored);
    int read = readBody(body, body.length, count(stored), consumer);
    if (read != body.length) {
      throw damaged(stored, body.length - read + " bytes behind its last row");
    }
  }

  /** Hands out the rows of a tail. */
  public static void read(SegmentView.Tail tail, RowConsumer consumer) {
    readBody(tail.body(), tail.length(), tail.rows(), consumer);
  }

  /**
   * What is remembered of the rows of a stored segment.
   *
   * @param reader reads it out of rows that have it; null where no rows do
   * @throws IllegalStateException where it is not what was written
   */
  public static WitnessList witnesses(byte[] stored, @Nullable WitnessReader reader) {
    check(stored);
    WitnessList witnesses = new WitnessList();
    int count = count(stored);
    if (witnessBytes(stored) == 0) {
      witnesses.addUnknown(count);
    } else if (witnessBytes(stored) == READ_FROM_ROWS) {
      readFromRows(stored, reader, witnesses);
    } else {
      int at = HEADER_BYTES + Integer.BYTES;
      witnesses.addAll(new PackedWitnesses(ByteBuffer.wrap(stored), at, count), count);
    }
    return witnesses;
  }

  private static void readFromRows(
      byte[] stored, @Nullable WitnessReader reader, WitnessList witnesses) {
    if (reader == null) {
      throw new IllegalStateException(
          "Log segment of events whose witnesses are in their rows, but these rows are no events");
    }
    read(stored, (high, low, rows, offset, length) -> witnesses.add(reader.read(rows, offset)));
  }

  private static int readBody(byte[] bytes, int bodyLength, int rows, RowConsumer consumer) {
    ByteBuffer body = ByteBuffer.wrap(bytes, 0, bodyLength);
    for (int i = rows; i > 0; i--) {
      long high = body.getLong();
      long low = body.getLong();
      int length = body.getInt();
      consumer.row(high, low, bytes, body.position(), length);
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
