package io.nova.sql.source.split;

import java.util.List;
import java.util.Optional;

/**
 * The state of an enumerator in a checkpoint.
 *
 * @param planned whether the splits have been planned; there are none before
 * @param followed the last snapshot whose files are among the splits or have been assigned; only
 *     for a query that follows commits, since the tail of one that follows live views has its own
 * @param splits the splits that are not assigned to a reader
 */
public record ScanState(boolean planned, Optional<Followed> followed, List<ScanSplit> splits) {
  /** The state of a query that has not begun. */
  public static final ScanState NEW = new ScanState(false, Optional.empty(), List.of());

  /** Copies the list. */
  public ScanState {
    splits = List.copyOf(splits);
  }
}
