package io.nova.cli;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.BatchTags;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.CloseableIterable;

/**
 * A batch layer whose table {@code nova.batch_events} names the files of tags. A real one copies
 * their rows, since the files go with the tag.
 */
final class LoadedTags {
  private final String warehouse;
  private final Table table;

  /** Makes the table without rows. */
  LoadedTags(String warehouse) {
    this.warehouse = warehouse;
    Table events = EventTable.find(warehouse).orElseThrow().iceberg();
    this.table =
        new HadoopCatalog(Storage.configuration(), warehouse)
            .createTable(BatchTable.NAME, events.schema(), events.spec());
  }

  /** Replaces a batch by the rows of its tag. */
  void load(long batch) {
    Table events = EventTable.find(warehouse).orElseThrow().iceberg();
    OverwriteFiles overwrite =
        table
            .newOverwrite()
            .overwriteByRowFilter(Expressions.equal(EventSchema.BATCH_NUMBER, batch));
    try (CloseableIterable<FileScanTask> files =
        events.newScan().useRef(BatchTags.name(batch)).planFiles()) {
      files.forEach(one -> overwrite.addFile(one.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    overwrite.commit();
  }
}
