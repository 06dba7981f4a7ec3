package io.nova.sql.system;

import io.nova.sql.live.Cut;
import io.nova.sql.live.CutProtocol;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.live.RetryPolicy;
import io.nova.sql.live.ServedViews;
import io.nova.sql.live.TableAt;
import io.nova.sql.source.LiveClients;
import io.nova.sql.source.Warehouse;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;

/**
 * Where the rows of a system table come from.
 *
 * @param table which one
 * @param warehouse of which store
 * @param access how its live views are reached
 */
record SystemRows(SystemTable table, Warehouse warehouse, LiveAccess access)
    implements Serializable {
  /** The rows as they are now; blocks while it asks. */
  List<RowData> now() {
    return table.rows(warehouse, this::ofCut);
  }

  private List<RowData> ofCut(Function<Cut, List<RowData>> rows) {
    ServedViews views = new ServedViews(LiveClients.inJobManager(access));
    RetryPolicy patience = RetryPolicy.of(access.patience());
    try (LeasedCut held =
        new LeasedCut(new CutProtocol(this::tableNow, views, access, patience).take(), views)) {
      return rows.apply(held.cut());
    }
  }

  private TableAt tableNow() {
    return TableAt.of(
        warehouse.events().orElseThrow(() -> new IllegalStateException(warehouse.noTableYet())));
  }
}
