package io.nova.judge.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;

/** A 128-bit hash of typed values. One instance makes many digests. For one thread. */
public final class Digest {
  private static final int SEED = 0x6e6f7661;

  private byte[] bytes = new byte[4096];
  private int size;

  /** Two words of 64 bits. */
  public record Words(long high, long low) {}

  /** The digest of bytes. */
  public static Words of(byte[] bytes) {
    return hash(bytes, bytes.length);
  }

  Digest clear() {
    size = 0;
    return this;
  }

  Digest add(long value) {
    ensure(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Adds a text without lone surrogates. */
  Digest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  Digest add(byte[] value) {
    add(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  Words words() {
    return hash(bytes, size);
  }

  private static Words hash(byte[] bytes, int length) {
    long[] words = MurmurHash3.hash128x64(bytes, 0, length, SEED);
    return new Words(words[0], words[1]);
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
