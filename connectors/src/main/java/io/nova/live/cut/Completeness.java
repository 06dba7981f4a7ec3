package io.nova.live.cut;

import java.util.Locale;

/** The reaction of a live query to key groups that do not answer. */
public enum Completeness {
  /** The query fails and names them. */
  STRICT,
  /** The query answers without them and reports that. */
  AVAILABLE;

  /** The value of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
