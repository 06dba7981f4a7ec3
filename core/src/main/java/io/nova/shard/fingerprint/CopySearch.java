package io.nova.shard.fingerprint;

import io.nova.event.Micros;
import io.nova.shard.CopyKind;

/**
 * The search for admitted copies of one event: first for its identity and then, where only tracked
 * copies have it, for its payload. Both times all blocks of the dedup window are searched.
 *
 * <p>The search for the identity ends at a copy whose payload is not tracked. Where the event's own
 * payload is not tracked, it ends at any copy.
 *
 * <p>Reused from event to event. Not thread safe.
 */
public final class CopySearch {
  private long high;
  private long identityLow;
  private long payloadLow;
  private boolean forPayload;
  private boolean found;
  private CopyKind kind = CopyKind.UNKNOWN;
  private long interval = Micros.UNKNOWN;

  /**
   * Begins with the identity of an event.
   *
   * @param tracked whether its payload is tracked
   * @param payload digest of the payload; of no meaning unless it is tracked
   */
  public CopySearch begin(long eventHigh, long eventLow, boolean tracked, long payload) {
    high = eventHigh;
    identityLow = EventFingerprints.identity(eventLow, tracked);
    payloadLow = EventFingerprints.payload(eventLow, payload);
    forPayload = false;
    found = false;
    return this;
  }

  /** Goes on with the payload. */
  public CopySearch forPayload() {
    forPayload = true;
    return this;
  }

  /** High half of what is looked for, and of both fingerprints of the event. */
  public long high() {
    return high;
  }

  /** Low half of what is looked for; its lowest bit does not count. */
  long low() {
    return forPayload ? payloadLow : identityLow;
  }

  /** Low half of the identity's fingerprint, as it is stored of this event. */
  public long identityLow() {
    return identityLow;
  }

  /** Low half of the payload's fingerprint; of no meaning unless the payload is tracked. */
  public long payloadLow() {
    return payloadLow;
  }

  /**
   * Notes a stored fingerprint that was looked for; true where the search ends.
   *
   * @param copyInterval the interval of its block
   * @param storedLow its low half
   */
  boolean meets(long copyInterval, long storedLow) {
    if (forPayload) {
      return meets(copyInterval, CopyKind.NATURAL);
    }
    boolean comparable =
        EventFingerprints.isTracked(identityLow) && EventFingerprints.isTracked(storedLow);
    if (!comparable) {
      return meets(copyInterval, CopyKind.UNKNOWN);
    }
    if (!found) {
      meets(copyInterval, CopyKind.CONFLICTING);
    }
    return false;
  }

  private boolean meets(long copyInterval, CopyKind copyKind) {
    found = true;
    interval = copyInterval;
    kind = copyKind;
    return true;
  }

  /** Whether there is a copy. */
  public boolean found() {
    return found;
  }

  /**
   * How the copy's payload compares, before the search for the payload: another one, or unknown.
   */
  public CopyKind kind() {
    return kind;
  }

  /** The interval of the copy: of one with the same payload where there is one. */
  public long interval() {
    return interval;
  }
}
