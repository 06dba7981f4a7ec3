package io.nova.iceberg.commit;

import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The sequences of all shards as a text. Every snapshot and every checkpoint has it, and a table
 * may have 32,768 shards.
 *
 * <p>Format: {@code p} or {@code d}, then Base64 without padding of a frame of reference. The frame
 * consists of varints, 7 bits a byte, the lowest first: the number of shards, the least sequence,
 * and for each shard its difference from that. No shards are an empty text.
 *
 * <p>The frame of {@code p} is plain. The table's metadata is gzipped, which finds the equal parts
 * of neighboring snapshots in it: 128 shards cost 5 to 35 bytes a snapshot, and deflated 11 to 210.
 * A frame beyond gzip's window of 32 KB gains nothing by that. It is deflated in zlib's format:
 * {@code d}.
 */
public final class Sequences {
  private static final String PLAIN = "p";
  private static final String DEFLATED = "d";
  private static final int LONGEST_PLAIN_BYTES = 24 * 1024;
  private static final int LOW_BITS = 0x7f;
  private static final int MORE = 0x80;

  private Sequences() {}

  /** Writes the sequences of a record as a text of JSON. */
  static final class ToText extends StdConverter<List<Long>, String> {
    @Override
    public String convert(List<Long> sequences) {
      return encode(sequences);
    }
  }

  /** Reads the sequences of a record from a text of JSON. */
  static final class OfText extends StdConverter<String, List<Long>> {
    @Override
    public List<Long> convert(String text) {
      return decode(text);
    }
  }

  /**
   * Writes sequences by shard.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public static String encode(List<Long> sequences) {
    if (sequences.isEmpty()) {
      return "";
    }
    long least = Collections.min(sequences);
    if (least < 0) {
      throw new IllegalArgumentException("Sequence " + least + ": expected at least 0");
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    write(sequences.size(), frame);
    write(least, frame);
    sequences.forEach(sequence -> write(sequence - least, frame));
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    byte[] plain = frame.toByteArray();
    return plain.length <= LONGEST_PLAIN_BYTES
        ? PLAIN + base64.encodeToString(plain)
        : DEFLATED + base64.encodeToString(deflated(plain));
  }

  private static void write(long value, ByteArrayOutputStream out) {
    long rest = value;
    while (rest > LOW_BITS) {
      out.write((int) (rest & LOW_BITS) | MORE);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] deflated(byte[] frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(frame);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads sequences by shard.
   *
   * @throws IllegalStateException if the text is damaged
   */
  public static List<Long> decode(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    try {
      return read(frame(text));
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "Sequences of shards: %d characters that begin with '%s' cannot be read: %s"
              .formatted(text.length(), text.substring(0, Math.min(8, text.length())), e),
          e);
    }
  }

  private static ByteBuffer frame(String text) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(text.substring(1));
    if (text.startsWith(PLAIN)) {
      return ByteBuffer.wrap(bytes);
    }
    if (!text.startsWith(DEFLATED)) {
      throw new IOException("expected '%s' or '%s' first".formatted(PLAIN, DEFLATED));
    }
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return ByteBuffer.wrap(in.readAllBytes());
    }
  }

  private static List<Long> read(ByteBuffer frame) throws IOException {
    long shards = varint(frame);
    long least = varint(frame);
    if (shards > frame.remaining()) {
      throw new IOException("%d shards in %d bytes".formatted(shards, frame.remaining()));
    }
    List<Long> sequences = new ArrayList<>((int) shards);
    for (long shard = 0; shard < shards; shard++) {
      sequences.add(least + varint(frame));
    }
    if (frame.hasRemaining()) {
      throw new IOException(frame.remaining() + " bytes after the last shard");
    }
    return List.copyOf(sequences);
  }

  /**
   * Reads a varint.
   *
   * @throws BufferUnderflowException if it has no end
   */
  private static long varint(ByteBuffer frame) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = frame.get();
      value |= (long) (next & LOW_BITS) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
