package io.nova.event.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a set of events, and their digest: the sum modulo 2^128 of a hash of each row. The
 * order of the rows does not matter. A missing row, a doubled one and another one change it.
 *
 * <p>The hash is the first 128 bits of SHA-256 over the text {@code app,event_id,
 * client_event_time,device_id,insert_id,uuid} without blanks. Numbers are decimal, times are
 * microseconds since 1970. A string is the SHA-256 of its UTF-8 bytes in lower-case hexadecimal. An
 * absent value is {@code -}. docs/guides/audit.md computes the same in SQL.
 *
 * <p>It needs no key, unlike a fingerprint. Not thread safe.
 */
public final class AuditDigest {
  private static final String ABSENT = "-";

  private final MessageDigest sha256 = sha256();
  private long rows;
  private long high;
  private long low;

  /** The digest of no rows. */
  public AuditDigest() {}

  /**
   * A digest that has been written.
   *
   * @param hex what {@link #hex} gave
   * @throws IllegalArgumentException if it is not 32 hexadecimal digits
   */
  public static AuditDigest of(long rows, String hex) {
    if (hex.length() != 32) {
      throw new IllegalArgumentException(
          "Audit digest '" + hex + "': expected 32 hexadecimal digits");
    }
    AuditDigest digest = new AuditDigest();
    digest.rows = rows;
    digest.high = HexFormat.fromHexDigitsToLong(hex, 0, 16);
    digest.low = HexFormat.fromHexDigitsToLong(hex, 16, 32);
    return digest;
  }

  /** Adds a row. */
  public void add(AuditedIdentity row) {
    ByteBuffer hash = ByteBuffer.wrap(hash(text(row)));
    add(hash.getLong(), hash.getLong());
    rows++;
  }

  /** Adds the rows of another digest, which is not changed. */
  public void add(AuditDigest other) {
    add(other.high, other.low);
    rows += other.rows;
  }

  private void add(long otherHigh, long otherLow) {
    low += otherLow;
    boolean carry = Long.compareUnsigned(low, otherLow) < 0;
    high += otherHigh + (carry ? 1 : 0);
  }

  private String text(AuditedIdentity row) {
    return String.join(
        ",",
        Long.toString(row.app()),
        number(row.eventId()),
        number(row.clientEventMicros()),
        string(row.deviceId()),
        string(row.insertId()),
        string(row.uuid()));
  }

  private static String number(@Nullable Long value) {
    return value == null ? ABSENT : Long.toString(value);
  }

  /** Hashed, so that no separator needs an escape. */
  private String string(@Nullable String value) {
    return value == null ? ABSENT : HexFormat.of().formatHex(hash(value));
  }

  private byte[] hash(String text) {
    return sha256.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The number of rows. */
  public long rows() {
    return rows;
  }

  /** The digest: 32 lower-case hexadecimal digits, the most significant first. */
  public String hex() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
