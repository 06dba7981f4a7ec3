package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing links and their tags, against a real table. */
class BatchTagsTest {
  private static final long DAY = HandoffTable.DAY;

  @TempDir private Path folder;
  private HandoffTable events;

  @BeforeEach
  void begin() {
    events = new HandoffTable(folder.toString());
  }

  private static ClosedBatch closed(long batch, Link link) {
    return new ClosedBatch(batch, link.uuid());
  }

  @Test
  void tagHasTheRowsOfItsBatchOnly() {
    events.addMerged(DAY, "a", "b");
    events.add(DAY + 1, "c");
    events.commit();
    Link link = events.close(DAY);

    assertThat(events.tagged(DAY)).containsExactly("a", "b");
    assertThat(events.warehouse.ids()).containsExactly("a", "b", "c");
    assertThat(events.tag(DAY).parentId()).isEqualTo(events.head().snapshotId());
    assertThat(LinkSummary.offsets(events.tag(DAY))).isEqualTo(HandoffTable.OFFSETS);
    assertThat(LinkSummary.of(events.tag(DAY))).as("it is no place in the chain").isEmpty();
    Batch entry = events.properties().batch(DAY).orElseThrow();
    assertThat(entry)
        .isEqualTo(
            Batch.closed(
                DAY,
                link.uuid(),
                2,
                link.audit().get(DAY).digest(),
                events.tag(DAY).timestampMillis(),
                "ops"));
  }

  @Test
  void closingLinkWithFilesTagsTheseToo() {
    events.addMerged(DAY, "a");
    events.commit();
    events.addMerged(DAY, "b");
    events.close(DAY);

    assertThat(events.tagged(DAY)).containsExactly("a", "b");
    assertThat(events.head().summary())
        .containsEntry("nova.step", "REWRITE")
        .containsEntry("nova.closed-batch", Long.toString(DAY))
        .containsEntry("nova.offsets", "0:17,1:20");
  }

  @Test
  void closingLinkWithoutFilesIsALinkAsAnyOther() {
    events.addMerged(DAY, "a");
    events.commit();
    Link link = events.close(DAY);
    Snapshot closing = events.head();

    assertThat(closing.summary()).containsEntry("nova.uuid", link.uuid());
    events.chain.apply(link);
    assertThat(events.head()).as("it is applied once").isEqualTo(closing);
    events.addMerged(DAY + 1, "b");
    events.commit();
    assertThat(events.warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void everyLaterSnapshotRepeatsTheList() {
    events.addMerged(DAY, "a");
    events.commit();
    Link link = events.close(DAY);
    List<ClosedBatch> list = List.of(closed(DAY, link));

    assertThat(events.closedInHead()).isEqualTo(list);
    events.addMerged(DAY + 1, "b");
    events.commit();
    assertThat(events.closedInHead()).isEqualTo(list);
    events.chain.change(LinkSummary.Step.TAGS, transaction -> true);
    assertThat(events.closedInHead()).isEqualTo(list);
    events.restore(events.state());
    assertThat(events.closedInHead()).isEqualTo(list);
    assertThat(events.head().summary()).doesNotContainKey("nova.closed-batch");
  }

  @Test
  void firstCloseTagsTheBatchesThatHaveRowsAndTheOneThatWasAskedFor() {
    events.addMerged(DAY, "a");
    events.addMerged(DAY + 2, "c");
    events.add(DAY + 30, "z");
    Link link = events.close(DAY + 7);

    assertThat(events.closedInHead())
        .containsExactly(closed(DAY, link), closed(DAY + 2, link), closed(DAY + 7, link));
    assertThat(events.tagged(DAY)).containsExactly("a");
    assertThat(events.tagged(DAY + 2)).containsExactly("c");
    assertThat(events.tagged(DAY + 7)).isEmpty();
  }

  @Test
  void laterCloseTagsEveryBatchInBetween() {
    events.addMerged(DAY, "a");
    Link earlier = events.close(DAY);
    events.addMerged(DAY + 2, "c");
    Link link = events.close(DAY + 2);

    assertThat(events.closedInHead())
        .containsExactly(closed(DAY, earlier), closed(DAY + 1, link), closed(DAY + 2, link));
    assertThat(events.tagged(DAY + 1)).isEmpty();
    assertThat(events.tagged(DAY + 2)).containsExactly("c");
    assertThat(events.properties().batches()).extracting(Batch::rows).containsExactly(1L, 0L, 1L);
  }

  @Test
  void batchOfATableWithoutFilesGetsATagWithoutFiles() {
    events.close(DAY);

    assertThat(events.tagged(DAY)).isEmpty();
    assertThat(events.properties().batch(DAY).orElseThrow().rows()).isZero();
    assertThat(events.warehouse.ids()).isEmpty();
  }

  @Test
  void duckDbCountsTheRowsInTheFilesOfATag() throws SQLException, IOException {
    events.addMerged(DAY, "a", "b");
    events.addMerged(DAY, "c");
    events.addMerged(DAY + 1, "d");
    events.close(DAY);

    assertThat(duckDb(files(DAY))).isEqualTo("3 a,b,c");
  }

  private List<String> files(long batch) throws IOException {
    List<String> paths = new ArrayList<>();
    Table table = events.table();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useRef(BatchTags.name(batch)).planFiles()) {
      for (FileScanTask task : tasks) {
        DataFile file = task.file();
        paths.add("'" + file.location().replaceFirst("^file:", "") + "'");
      }
    }
    return paths;
  }

  private static String duckDb(List<String> files) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' ' || string_agg(insert_id, ',' ORDER BY insert_id)"
                    + " FROM read_parquet(["
                    + String.join(",", files)
                    + "])")) {
      result.next();
      return result.getString(1);
    }
  }
}
