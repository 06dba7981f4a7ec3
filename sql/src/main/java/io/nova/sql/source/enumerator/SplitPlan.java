package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import java.io.Closeable;
import java.util.List;

/** Plans the splits of a query, and holds what they need until it is closed. */
interface SplitPlan extends Closeable {
  /** The splits; blocks while it reads. Called once, perhaps while it is closed. */
  List<ScanSplit> splits();
}
