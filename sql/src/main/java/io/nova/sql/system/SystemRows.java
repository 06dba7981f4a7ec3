package io.nova.sql.system;

import io.nova.live.cut.Cut;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.sql.source.LiveClients;
import io.nova.sql.source.Warehouse;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;

/**
 * The rows of a system table, read on request.
 *
 * @param table the system table
 * @param warehouse the warehouse that it describes
 * @param access the settings for live views
 */
record SystemRows(SystemTable table, Warehouse warehouse, LiveAccess access)
    implements Serializable {
  /** The current rows. Blocks during requests to the live servers. */
  List<RowData> now() {
    return table.rows(warehouse, this::ofCut);
  }

  private List<RowData> ofCut(Function<Cut, List<RowData>> rows) {
    ServedViews views = new ServedViews(LiveClients.inJobManager(access));
    try (LeasedCut leased = LeasedCut.take(warehouse.table(), views, access)) {
      return rows.apply(leased.cut());
    }
  }
}
