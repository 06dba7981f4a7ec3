package io.nova.shard;

import io.nova.event.Micros;
import io.nova.event.Tally;

/**
 * One event on the way from its message to its shard. A Flink POJO within its source.
 *
 * <p>The arrays are shared, not copied: nobody changes them. A shard copies what it keeps.
 */
public final class Offer {
  private static final byte[] NONE = {};

  /** High half of the fingerprint of its identity. */
  public long high;

  /** Low half of the fingerprint. */
  public long low;

  /** Upload time, microseconds since 1970. */
  public long uploadMicros;

  /** Event time, microseconds since 1970; {@link Micros#UNKNOWN} where the event states none. */
  public long eventMicros = Micros.UNKNOWN;

  /**
   * The progress of its partition before it, microseconds since 1970; {@link Micros#UNKNOWN} before
   * any. It decides whether the event is too late.
   */
  public long progressMicros = Micros.UNKNOWN;

  /** Its dedup window in blocks. */
  public int windowBlocks;

  /** What becomes of it where an admitted copy has another payload. */
  public ConflictRule conflict = ConflictRule.KEEP_FIRST;

  /** Whether its payload is compared with those of copies: for the ledger, or for its policy. */
  public boolean tracked;

  /** Digest of its payload; 0 unless it is tracked. */
  public long payload;

  /**
   * The columns of its identity, separated by commas. Empty for the built-in identities, and while
   * the ledger is off. The ledger reads their values out of the original.
   */
  public String identityFields = "";

  /** Its app. */
  public String app = Tally.NO_APP;

  /** The app that it counts as in tallies: its own, or {@link Tally#OTHER_APPS}. */
  public String countedAs = Tally.NO_APP;

  /** Kafka partition of its message. */
  public int partition;

  /** Offset of its message in that partition. */
  public long offset;

  /** Its place among the elements of its message; 0 in a message of one event. */
  public int index;

  /** Its row, encoded as Avro. */
  public byte[] row = NONE;

  /** The bytes of its message, or of its element of the message, for the rejected topic. */
  public byte[] original = NONE;

  /**
   * Whether the original is an element of a message that has several. Then it is JSON, whatever the
   * format of the topic.
   */
  public boolean element;

  /** The envelope of an element; no bytes where the mapping reads none. */
  public byte[] envelope = NONE;

  public Offer() {}

  /** An event whose payload is not tracked, and whose first copy is kept. */
  public static Offer of(long high, long low, long uploadMicros, byte[] row, int windowBlocks) {
    Offer offer = new Offer();
    offer.high = high;
    offer.low = low;
    offer.uploadMicros = uploadMicros;
    offer.row = row;
    offer.windowBlocks = windowBlocks;
    return offer;
  }

  /** The same event, with a tracked payload. */
  public Offer tracking(long digest, ConflictRule rule) {
    tracked = true;
    payload = digest;
    conflict = rule;
    return this;
  }
}
