package io.nova.sql.source.reader;

import io.nova.live.client.LiveRows;
import io.nova.sql.source.RowLayout;
import java.io.IOException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** The rows of a live view. */
final class ViewRows implements ScanCursor {
  private final LiveRows records;
  private final GenericRowData row;
  private final AvroValues values;

  /** Rows of an answer. */
  ViewRows(LiveRows records, GenericRowData row, RowLayout layout) {
    this.records = records;
    this.row = row;
    this.values = new AvroValues(layout);
  }

  @Override
  public @Nullable RowData next() throws IOException {
    IndexedRecord record = records.next();
    if (record == null) {
      return null;
    }
    values.copy(record, row);
    return row;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
