package io.nova.shard;

import java.util.Locale;

/**
 * How the payload of an event compares with the payload of an admitted copy. The wire names are
 * part of a format.
 */
public enum CopyKind {
  /** Both have the same payload. */
  NATURAL,
  /** The payloads differ. */
  CONFLICTING,
  /** The payload of one of them is not tracked. */
  UNKNOWN;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name on the duplicates topic, such as {@code natural}. */
  public String wireName() {
    return wireName;
  }
}
