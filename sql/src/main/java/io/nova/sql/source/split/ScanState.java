package io.nova.sql.source.split;

import java.util.List;
import java.util.Optional;

/**
 * What the enumerator keeps in a checkpoint.
 *
 * @param planned whether the splits have been planned; if not, there are none yet
 * @param followed the last snapshot whose files are among the splits or have been handed out; only
 *     where a query follows the commits, as the tail of one that follows memory, too, knows it
 * @param splits what no reader has been given
 */
public record ScanState(boolean planned, Optional<Long> followed, List<ScanSplit> splits) {
  /** Of a query that has not begun. */
  public static final ScanState NEW = new ScanState(false, Optional.empty(), List.of());

  /** Copies the list. */
  public ScanState {
    splits = List.copyOf(splits);
  }
}
