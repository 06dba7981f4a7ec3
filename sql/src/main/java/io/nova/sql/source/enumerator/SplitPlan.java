package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import java.util.List;

/** The plan of a scan, with the resources that its splits need until it is closed. */
interface SplitPlan extends AutoCloseable {
  /** Plans the splits. Blocks while it reads. Called once, perhaps during {@link #close}. */
  List<ScanSplit> splits();

  /** Frees the resources of the splits. */
  @Override
  void close();
}
