package io.nova.sql.table;

import java.util.Locale;

/** When a scan of {@code events} ends. */
enum ScanMode {
  /** When it has read the cut that was there at its beginning. */
  SNAPSHOT,
  /** Never: it goes on with what is committed later. */
  FOLLOW;

  /** As options say it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
