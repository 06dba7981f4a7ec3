package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.LiveViews;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.ScanSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryPlanTest {
  @TempDir private Path folder;

  @Test
  void scanThatStartsLaterReadsTheSnapshotOfItsJob() throws Exception {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    TestEvents events = new TestEvents(1);
    warehouse.appendBlockFile(events.uploaded("2026-11-20T00:00:00Z", 1, 10));
    assertThat(rows(warehouse, "job-1")).isEqualTo(10);
    warehouse.appendBlockFile(events.uploaded("2026-11-20T01:00:00Z", 1, 5));
    assertThat(rows(warehouse, "job-1")).isEqualTo(10);
    assertThat(rows(warehouse, "job-2")).isEqualTo(15);
  }

  @Test
  void filesOfCompletedBatchesAreNotRead() throws Exception {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    TestEvents events = new TestEvents(1);
    warehouse.appendChunk(events.uploaded("2026-11-20T00:00:00Z", 1, 10));
    warehouse.appendBlockFile(events.uploaded("2026-11-20T01:00:00Z", 1, 3));
    warehouse.appendChunk(events.uploaded("2026-11-21T00:00:00Z", 1, 5));
    warehouse.appendBlockFile(events.uploaded("2026-11-21T01:00:00Z", 1, 2));
    warehouse.complete(20_776);
    assertThat(rows(warehouse, "job-3")).isEqualTo(20);
    warehouse.complete(20_777);
    assertThat(rows(warehouse, "job-4")).isEqualTo(7);
    assertThat(rows(warehouse, "job-3")).isEqualTo(20);
    warehouse.complete(20_776);
    assertThat(rows(warehouse, "job-5")).isEqualTo(20);
  }

  private static long rows(IcebergWarehouse warehouse, String jobId) {
    EventScan scan =
        new EventScan(
            warehouse.table().spec(),
            IcebergWarehouse.SCHEMA,
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT);
    Warehouse place = new Warehouse(warehouse.location());
    List<ScanSplit> splits =
        new QueryPlan(
                place, scan, null, Optional.empty(), QueryPlanTest::noServers, 1, ofJob(jobId))
            .splits();
    return splits.stream()
        .flatMap(split -> split.parts().stream())
        .mapToLong(part -> ((FileRange) part).fileRows())
        .sum();
  }

  private static LiveViews noServers(LiveAccess access) {
    throw new AssertionError("A committed read needs no server");
  }

  private static MetricGroup ofJob(String id) {
    return new UnregisteredMetricsGroup() {
      @Override
      public Map<String, String> getAllVariables() {
        return Map.of("<job_id>", id);
      }
    };
  }
}
