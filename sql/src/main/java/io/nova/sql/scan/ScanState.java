package io.nova.sql.scan;

import java.util.List;

/**
 * What the enumerator keeps in a checkpoint.
 *
 * @param planned whether the splits have been planned; if not, there are none yet
 * @param splits what no reader has been given
 */
public record ScanState(boolean planned, List<ScanSplit> splits) {

  /** Copies the list. */
  public ScanState {
    splits = List.copyOf(splits);
  }
}
