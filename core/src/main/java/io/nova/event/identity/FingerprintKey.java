package io.nova.event.identity;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The 128-bit secret key of a table's fingerprints. It is drawn once, so that nobody can craft
 * collisions.
 */
public final class FingerprintKey {
  static final int BYTES = 16;

  private final byte[] bytes;

  private FingerprintKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "Fingerprint key: %s bytes found, %s expected".formatted(bytes.length, BYTES));
    }
    this.bytes = bytes;
  }

  /** A new random key. */
  public static FingerprintKey draw() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new FingerprintKey(bytes);
  }

  /** The key that {@link #hex()} wrote. */
  public static FingerprintKey ofHex(String hex) {
    return new FingerprintKey(HexFormat.of().parseHex(hex));
  }

  /** The key as 32 hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }
}
