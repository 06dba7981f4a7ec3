package io.nova.sql.table;

import java.util.Locale;

/** The origin of the rows of {@code events}. */
enum ReadMode {
  /** The table and the job's live views. */
  LIVE,
  /** The table alone. */
  COMMITTED;

  /** The value of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
