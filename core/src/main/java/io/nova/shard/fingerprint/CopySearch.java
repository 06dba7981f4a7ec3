package io.nova.shard.fingerprint;

import org.jspecify.annotations.Nullable;

/**
 * The search for admitted copies of one event. A copy with the same payload ends it; one with
 * another does not, for there may be one with the same further on. A payload that is not known
 * counts as the same.
 *
 * <p>Used again from event to event. Not thread safe.
 */
public final class CopySearch {
  private long high;
  private long low;
  private long ownPayload;
  private boolean ownPayloadKnown;
  private @Nullable Witness met;
  private boolean found;
  private boolean conflicting;

  /** A search for copies of an event, of which the witness is not kept. */
  public CopySearch of(long high, long low, @Nullable Witness own) {
    this.high = high;
    this.low = low;
    this.ownPayloadKnown = own != null;
    this.ownPayload = own == null ? 0 : own.payload();
    this.met = null;
    this.found = false;
    this.conflicting = false;
    return this;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  /** Notes a copy; true where the search can end. */
  boolean meets(@Nullable Witness copy) {
    boolean other = ownPayloadKnown && copy != null && ownPayload != copy.payload();
    if (!found || !other) {
      met = copy;
    }
    found = true;
    conflicting = other;
    return !other;
  }

  /** Whether there is a copy. */
  public boolean found() {
    return found;
  }

  /** Whether there is one, and all that were met have another payload. */
  public boolean conflicting() {
    return conflicting;
  }

  /** What is remembered of the copy: of one with the same payload where there is one. */
  public @Nullable Witness met() {
    return met;
  }
}
