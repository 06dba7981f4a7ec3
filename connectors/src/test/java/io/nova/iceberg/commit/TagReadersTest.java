package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tag of a closed batch, read by Iceberg's own catalog and reader as another engine does. */
class TagReadersTest {
  private static final long DAY = HandoffTable.DAY;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void icebergsOwnClientReadsTheTagOfEveryCatalog(Kind kind) throws Exception {
    try (TestCatalog catalog = TestCatalog.open(kind, folder)) {
      HandoffTable events = new HandoffTable(catalog.address());
      events.addMerged(DAY, "a", "b");
      events.add(DAY + 1, "c");
      events.commit();
      events.close(DAY);
      events.addMerged(DAY + 1, "d");
      events.commit();

      // A database keeps tables by the name of their catalog.
      Catalog client =
          CatalogUtil.buildIcebergCatalog(
              "nova", catalog.address().forIceberg(), new Configuration());
      Table table = client.loadTable(EventTable.NAME);
      assertThat(ids(table, table.snapshot(BatchTags.name(DAY)).snapshotId()))
          .containsExactly("a", "b");
      assertThat(ids(table, table.currentSnapshot().snapshotId()))
          .containsExactly("a", "b", "c", "d");
      if (client instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private static List<String> ids(Table table, long snapshot) throws IOException {
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).useSnapshot(snapshot).build()) {
      rows.forEach(row -> ids.add((String) row.getField("insert_id")));
    }
    ids.sort(null);
    return ids;
  }
}
