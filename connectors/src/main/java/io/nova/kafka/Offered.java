package io.nova.kafka;

import io.nova.event.Tally;
import io.nova.shard.ConflictRule;

/** An event on its way to its shard. A Flink POJO. */
public final class Offered {
  private static final byte[] NONE = {};

  /** High half of its fingerprint. */
  public long high;

  /** Low half of its fingerprint. */
  public long low;

  /** When our servers received it, microseconds since 1970. */
  public long uploadMicros;

  /** When it happened, microseconds since 1970; the least number where it does not say. */
  public long eventMicros = Long.MIN_VALUE;

  /** Its dedup window in blocks. */
  public int windowBlocks;

  /** What becomes of it beside a copy with another payload. */
  public ConflictRule conflict = ConflictRule.KEEP_FIRST;

  /** Whether somebody asks for the payloads and places of copies: the ledger, or the policy. */
  public boolean witnessed;

  /** Digest of its payload, where somebody asks for it. */
  public long payload;

  /**
   * The columns of its identity, with commas between; empty for the built-in kinds, and unless the
   * ledger is on, which reads their values out of the original where it needs them.
   */
  public String identityFields = "";

  /** Its app, as counters name it. */
  public String app = Tally.NO_APP;

  /** Kafka partition it was read from. */
  public int partition;

  /** Its offset there. */
  public long offset;

  /** Its row, Avro. */
  public byte[] row = NONE;

  /** The message as it came, for the rejected topic. */
  public byte[] original = NONE;

  public Offered() {}
}
