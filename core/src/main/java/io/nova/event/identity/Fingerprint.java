package io.nova.event.identity;

import java.util.HexFormat;

/** The 128-bit hash of an identity. Equal identities have equal fingerprints. */
public record Fingerprint(long high, long low) {
  /** The shard that decides on all events of this identity. */
  public int shard(int shards) {
    return (int) Long.remainderUnsigned(high, shards);
  }

  /** The fingerprint as 32 hexadecimal digits, the high half first. */
  public String hex() {
    HexFormat digits = HexFormat.of();
    return digits.toHexDigits(high) + digits.toHexDigits(low);
  }

  /**
   * Reads the form of {@link #hex}.
   *
   * @throws IllegalArgumentException if the text is not 32 hexadecimal digits
   */
  public static Fingerprint ofHex(String text) {
    if (text.length() != 32) {
      throw new IllegalArgumentException(
          "Fingerprint '" + text + "': expected 32 hexadecimal digits");
    }
    return new Fingerprint(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }
}
