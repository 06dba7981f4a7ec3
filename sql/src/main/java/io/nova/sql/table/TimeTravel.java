package io.nova.sql.table;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.ReadToken;
import io.nova.sql.source.Warehouse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The past of a warehouse at a time, for {@code FOR SYSTEM_TIME AS OF}: what a committed query
 * would have read then.
 */
public final class TimeTravel {
  private TimeTravel() {}

  /**
   * The options of a table that is read as of this time.
   *
   * @param timeMs milliseconds since 1970
   * @param lambda whether the query reads {@code lambda_events}
   * @throws CatalogException if the time is not over, or no retained snapshot was current then
   */
  public static Map<String, String> options(Warehouse warehouse, long timeMs, boolean lambda) {
    return Map.of(ReadOptions.AS_OF.key(), token(warehouse, timeMs, lambda).text());
  }

  private static ReadToken token(Warehouse warehouse, long timeMs, boolean lambda) {
    if (timeMs > System.currentTimeMillis()) {
      throw new CatalogException(
          "FOR SYSTEM_TIME AS OF: found %s, which is not over. Expected a time before now. Nothing is read."
              .formatted(Instant.ofEpochMilli(timeMs)));
    }
    Table events = warehouse.table().iceberg();
    Snapshot snapshot = current(events, timeMs);
    long completed = completed(HandoffProperties.of(events.properties()), timeMs);
    return new ReadToken(
        ReadToken.VERSION,
        snapshot.snapshotId(),
        LinkSummary.of(snapshot).map(LinkSummary::uuid).orElse(null),
        null,
        completed == BatchNumbers.NONE ? null : completed,
        lambda ? ofBatches(warehouse, timeMs) : null,
        List.of(),
        List.of());
  }

  private static @Nullable Long ofBatches(Warehouse warehouse, long timeMs) {
    Optional<Table> batches = warehouse.batches();
    return batches
        .map(table -> SnapshotUtil.nullableSnapshotIdAsOfTime(table, timeMs))
        .orElse(null);
  }

  private static Snapshot current(Table table, long timeMs) {
    Long id = SnapshotUtil.nullableSnapshotIdAsOfTime(table, timeMs);
    Snapshot snapshot = id == null ? null : table.snapshot(id);
    if (snapshot == null) {
      throw new CatalogException(
          ("FOR SYSTEM_TIME AS OF: found %s, and %s retains no snapshot of that time. The table"
                  + " snapshots lists those that it retains. Nothing is read.")
              .formatted(Instant.ofEpochMilli(timeMs), table.location()));
    }
    return snapshot;
  }

  /**
   * The last batch that was completed then. A retired tag is that of a batch completed long ago.
   */
  private static long completed(HandoffProperties handoff, long timeMs) {
    long retired = Math.min(handoff.deleted(), handoff.firstTagged() - 1);
    return handoff.batches().stream()
        .filter(batch -> isCompletedAt(batch, timeMs))
        .mapToLong(HandoffProperties.Batch::batch)
        .reduce(retired, Math::max);
  }

  private static boolean isCompletedAt(HandoffProperties.Batch batch, long timeMs) {
    Long completed = batch.completedAtMs();
    Long withdrawn = batch.withdrawnAtMs();
    return completed != null
        && completed <= timeMs
        && (withdrawn == null || withdrawn < completed || withdrawn > timeMs);
  }
}
