package io.nova.kafka;

import io.nova.event.Tally;
import java.util.Locale;

/**
 * A copy of an event that was dropped, on its way to the duplicates topic. A Flink POJO.
 *
 * <p>The first copy is the one that was met when this one was dropped. Where its place is no longer
 * known, {@link #firstKnown} is false and the fields of the first mean nothing.
 */
public final class Duplicate {
  /** How the dropped copy compares with the first. Wire names are a format. */
  public enum Kind {
    /** The same payload. */
    NATURAL,
    /** Another payload. */
    CONFLICTING,
    /** The payload of the first is no longer known. */
    UNKNOWN;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name on the topic, such as {@code natural}. */
    public String wireName() {
      return wireName;
    }
  }

  /** App and fields of the identity, the text of a JSON object. */
  public String identity = "{}";

  /** Its app, as counters name it. */
  public String app = Tally.NO_APP;

  /** How it compares with the first. */
  public Kind kind = Kind.UNKNOWN;

  /** Upload time of this copy, microseconds since 1970. */
  public long uploadMicros;

  /** Topic that this copy was read from. */
  public String topic = "";

  /** Its Kafka partition. */
  public int partition;

  /** Its offset there. */
  public long offset;

  /** Whether upload time and place of the first copy are known. */
  public boolean firstKnown;

  /** Upload time of the first copy, microseconds since 1970. */
  public long firstUploadMicros;

  /** Kafka partition of the first copy. */
  public int firstPartition;

  /** Its offset there. */
  public long firstOffset;

  public Duplicate() {}
}
