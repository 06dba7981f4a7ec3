package io.nova.sql.system;

import io.nova.sql.live.Cut;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;

/** Takes a cut for as long as it is read. */
interface CutReader {
  /** What this makes of a cut of all live views. */
  List<RowData> read(Function<Cut, List<RowData>> rows);
}
