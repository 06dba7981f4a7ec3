package io.nova.sql.table;

import java.util.Locale;

/** Where the rows of {@code events} come from. */
enum ReadMode {
  /** The table, and what the job holds in memory beside it. */
  LIVE,
  /** The table alone. */
  COMMITTED;

  /** As options say it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
