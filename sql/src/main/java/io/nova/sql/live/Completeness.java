package io.nova.sql.live;

import java.util.Locale;

/** What a live query does where some key groups do not answer. */
public enum Completeness {
  /** It fails, and names them. */
  STRICT,
  /** It answers with what it has, and says so. */
  AVAILABLE;

  /** As options say it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
