package io.nova.event.audit;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowBatch;
import io.nova.event.row.RowFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
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
  private static final VarHandle HALF =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The positions of the columns in a row. Avro's schema is made where rows are read only. */
  private static final class Columns {
    static final int APP = EventSchema.position("app");
    static final int EVENT_ID = EventSchema.position("event_id");
    static final int CLIENT_EVENT_TIME = EventSchema.position("client_event_time");
    static final int DEVICE_ID = EventSchema.position("device_id");
    static final int INSERT_ID = EventSchema.position("insert_id");
    static final int UUID = EventSchema.position("uuid");
  }

  private final MessageDigest sha256 = sha256();
  private final byte[] hash = new byte[32];
  private final AuditText text = new AuditText();
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
    text.clear();
    text.number(row.app()).comma();
    number(row.eventId()).comma();
    number(row.clientEventMicros()).comma();
    string(row.deviceId()).comma();
    string(row.insertId()).comma();
    string(row.uuid());
    addText();
  }

  /**
   * Adds an encoded row.
   *
   * @param batch a batch that contains it
   * @param row its number in the batch, from 0
   * @param bytes the array of the batch's rows
   */
  public void add(RowBatch batch, int row, byte[] bytes) {
    text.clear();
    text.number(RowFormat.number(bytes, batch.value(Columns.APP, row))).comma();
    number(bytes, batch.value(Columns.EVENT_ID, row)).comma();
    number(bytes, batch.value(Columns.CLIENT_EVENT_TIME, row)).comma();
    string(bytes, batch.value(Columns.DEVICE_ID, row)).comma();
    string(bytes, batch.value(Columns.INSERT_ID, row)).comma();
    string(bytes, batch.value(Columns.UUID, row));
    addText();
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

  private void addText() {
    digest(text.bytes(), 0, text.length());
    add((long) HALF.get(hash, 0), (long) HALF.get(hash, Long.BYTES));
    rows++;
  }

  private AuditText number(@Nullable Long value) {
    return value == null ? text.absent() : text.number(value);
  }

  private AuditText number(byte[] bytes, int value) {
    return value < 0 ? text.absent() : text.number(RowFormat.number(bytes, value));
  }

  /** Hashed, so that no separator needs an escape. */
  private AuditText string(@Nullable String value) {
    if (value == null) {
      return text.absent();
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    digest(utf8, 0, utf8.length);
    return text.hex(hash);
  }

  private AuditText string(byte[] bytes, int value) {
    if (value < 0) {
      return text.absent();
    }
    digest(bytes, RowFormat.text(bytes, value), (int) RowFormat.number(bytes, value));
    return text.hex(hash);
  }

  /** Puts the SHA-256 of these bytes into {@link #hash}. */
  private void digest(byte[] bytes, int offset, int length) {
    try {
      sha256.update(bytes, offset, length);
      sha256.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("A SHA-256 has 32 bytes", e);
    }
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
