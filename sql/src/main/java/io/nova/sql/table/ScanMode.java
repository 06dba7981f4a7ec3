package io.nova.sql.table;

import java.util.Locale;

/** The end of a scan of {@code events}. */
enum ScanMode {
  /** The scan ends after the cut of its start. */
  SNAPSHOT,
  /** The scan never ends: it continues with later events. */
  FOLLOW;

  /** The value of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
