package io.nova.live.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutTest {
  private static final long BATCH = 20_777;

  @TempDir private Path folder;

  /** A table whose metadata changes with every look at it. */
  private record Moving(ArrayDeque<TableMetadata> versions) implements TableOperations {
    @Override
    public TableMetadata current() {
      return versions.size() == 1 ? versions.element() : versions.remove();
    }

    @Override
    public TableMetadata refresh() {
      return current();
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
      throw new UnsupportedOperationException("A reader commits nothing");
    }

    @Override
    public FileIO io() {
      throw new UnsupportedOperationException("A cut reads no file");
    }

    @Override
    public String metadataFileLocation(String name) {
      return name;
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor("/w", java.util.Map.of());
    }
  }

  private static TableMetadata version(IcebergWarehouse warehouse) {
    return ((HasTableOperations) warehouse.table()).operations().current();
  }

  /** A batch is completed and then removed while a query begins. */
  @Test
  void snapshotAndCompletedBatchAreOfOneVersion() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    warehouse.appendChunk(new TestEvents(1).uploaded("2026-11-20T00:00:00Z", 1, 10));
    TableMetadata before = version(warehouse);
    warehouse.complete(BATCH);
    TableMetadata completed = version(warehouse);
    warehouse
        .table()
        .newDelete()
        .deleteFromRowFilter(
            org.apache.iceberg.expressions.Expressions.equal("batch_number", BATCH))
        .commit();
    TableMetadata removed = version(warehouse);

    List<TableMetadata> versions = List.of(before, completed, removed);
    for (int first = 0; first < versions.size(); first++) {
      TableMetadata seen = versions.get(first);
      Table moving =
          new BaseTable(
              new Moving(new ArrayDeque<>(versions.subList(first, versions.size()))), "moving");
      Cut cut = Cut.committed(moving);
      assertThat(cut.snapshotId()).contains(seen.currentSnapshot().snapshotId());
      assertThat(cut.completed()).isEqualTo(first == 0 ? BatchNumbers.NONE : BATCH);
    }
  }

  @Test
  void tableThatNobodyHandsOffHasNoCompletedBatch() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    assertThat(Cut.committed(warehouse.table()).completed()).isEqualTo(BatchNumbers.NONE);
    assertThat(Cut.committed(warehouse.table()).token().completed()).isNull();
  }
}
