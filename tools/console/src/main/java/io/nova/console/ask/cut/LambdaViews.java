package io.nova.console.ask.cut;

import io.nova.console.ask.cut.AskCut.Lambda;
import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.CatalogAddress;
import io.nova.live.cut.Cut;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;

/**
 * Makes the views {@code lambda_events} of cuts: the rows of {@code events}, and those of the batch
 * layer for completed batches. Used by the thread that loads cuts.
 */
final class LambdaViews {
  private final CatalogAddress catalog;
  private final AskColumns columns;
  private final RowStore store;
  private final FileCache cache;

  LambdaViews(CatalogAddress catalog, AskColumns columns, RowStore store, FileCache cache) {
    this.catalog = catalog;
    this.columns = columns;
    this.store = store;
    this.cache = cache;
  }

  /**
   * Makes the view of a cut, unless it is there.
   *
   * @throws IOException if the batch layer's files cannot be read
   * @throws IllegalStateException if the batch layer's table is missing or has other columns
   */
  Lambda of(AskCut cut) throws IOException, SQLException {
    Lambda made = cut.lambda;
    if (made == null) {
      made = cut.cut().completed() == BatchNumbers.NONE ? ofEvents(cut) : ofBoth(cut);
      cut.lambda = made;
    }
    return made;
  }

  /** No batch is completed, so the batch layer answers for none. */
  private Lambda ofEvents(AskCut cut) throws SQLException {
    store.execute(
        "CREATE VIEW %s AS FROM %s".formatted(cut.view("lambda_events"), cut.view("events")));
    return new Lambda(cut.cut(), cut.size(), List.of());
  }

  private Lambda ofBoth(AskCut cut) throws IOException, SQLException {
    long completed = cut.cut().completed();
    BatchLayerTable layer = BatchLayerTable.find(catalog, columns, completed);
    Table batches = layer.table();
    long snapshotId = cut.cut().batchSnapshotId().orElse(batches.currentSnapshot().snapshotId());
    HeldFiles held =
        HeldFiles.hold(cache, batches.io(), parquetFiles(batches, snapshotId, completed));
    Cut both = cut.cut().withBatches(Optional.of(snapshotId));
    EventViews views = new EventViews(columns, both.token().text());
    try {
      store.execute(
          "CREATE VIEW %s AS %s"
              .formatted(
                  cut.view("lambda_events"),
                  views.all(selects(views, cut.view("events"), layer, held))));
    } catch (SQLException e) {
      cache.release(held.keys());
      throw e;
    }
    return new Lambda(both, cut.size().plus(held.size()), held.keys());
  }

  private static List<DataFile> parquetFiles(Table batches, long snapshotId, long completed)
      throws IOException {
    SnapshotFiles files =
        SnapshotFiles.of(
            batches, snapshotId, Expressions.lessThanOrEqual(EventSchema.BATCH_NUMBER, completed));
    List<DataFile> parquet = files.of(FileFormat.PARQUET);
    if (parquet.size() != files.files().size()) {
      throw new IOException(
          "Table nova.batch_events has files that are not Parquet, and the fast path reads Parquet only. Nothing is read. Ask Flink SQL.");
    }
    return parquet;
  }

  /** The rows of {@code events}, then those of each completed batch. */
  private static List<String> selects(
      EventViews views, String events, BatchLayerTable layer, HeldFiles held) {
    ArrayList<String> selects = new ArrayList<>();
    selects.add(
        "SELECT * REPLACE (%s AS read_token) FROM %s"
            .formatted(AskColumns.literal(views.token()), events));
    Map<Long, List<DataFile>> byBatch =
        held.files().stream()
            .collect(
                Collectors.groupingBy(SnapshotFiles::batchOf, TreeMap::new, Collectors.toList()));
    byBatch.forEach(
        (batch, files) ->
            selects.add(
                views.parquet(
                    held.parquet(files),
                    layer.fields(),
                    Map.of(EventSchema.BATCH_NUMBER, Long.toString(batch)))));
    return selects;
  }
}
