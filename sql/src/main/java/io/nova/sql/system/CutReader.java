package io.nova.sql.system;

import io.nova.live.cut.Cut;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;

/** Takes a cut for the time of one read. */
interface CutReader {
  /** Applies a function to a cut with all live views, and closes the cut. */
  List<RowData> read(Function<Cut, List<RowData>> rows);
}
