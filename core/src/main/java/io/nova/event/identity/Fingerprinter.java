package io.nova.event.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Computes the fingerprints of identities, by SipHash-2-4-128 (Aumasson and Bernstein, 2012) with a
 * table's key.
 *
 * <p>The input is the kind (1 byte), the app (8 bytes), then the fields. A string is its length in
 * UTF-8 bytes, then these bytes. Named fields are their number, then name and value of each. All
 * numbers are big-endian, 8 bytes.
 *
 * <p>Not thread safe: one for each thread.
 */
public final class Fingerprinter {
  private static final byte BY_INSERT_ID = 1;
  private static final byte BY_UUID = 2;
  private static final byte BY_COUNTER = 3;
  private static final byte BY_FIELDS = 4;

  private final SipHash128 hash = new SipHash128();
  private final byte[] number = new byte[Long.BYTES];
  private final byte[] result = new byte[2 * Long.BYTES];

  public Fingerprinter(FingerprintKey key) {
    hash.init(new KeyParameter(key.bytes()));
  }

  /** The fingerprint of an identity. */
  public Fingerprint of(Identity identity) {
    if (identity instanceof Identity.ByInsertId id) {
      begin(BY_INSERT_ID, id.app());
      add(id.deviceId());
      add(id.insertId());
    } else if (identity instanceof Identity.ByUuid id) {
      begin(BY_UUID, id.app());
      add(id.uuid());
    } else if (identity instanceof Identity.ByCounter id) {
      begin(BY_COUNTER, id.app());
      add(id.deviceId());
      add(id.eventId());
      add(id.clientEventMicros());
    } else if (identity instanceof Identity.ByFields id) {
      begin(BY_FIELDS, id.app());
      add(id.names().size());
      for (int i = 0; i < id.names().size(); i++) {
        add(id.names().get(i));
        add(id.values().get(i));
      }
    }
    hash.doFinal(result, 0);
    ByteBuffer words = ByteBuffer.wrap(result);
    return new Fingerprint(words.getLong(), words.getLong());
  }

  private void begin(byte kind, long app) {
    hash.update(kind);
    add(app);
  }

  private void add(String field) {
    byte[] utf8 = field.getBytes(StandardCharsets.UTF_8);
    add(utf8.length);
    hash.update(utf8, 0, utf8.length);
  }

  private void add(long value) {
    ByteBuffer.wrap(number).putLong(value);
    hash.update(number, 0, number.length);
  }
}
