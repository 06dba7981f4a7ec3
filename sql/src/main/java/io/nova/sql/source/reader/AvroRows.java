package io.nova.sql.source.reader;

import io.nova.sql.source.RowLayout;
import io.nova.sql.source.split.FileRange;
import java.io.IOException;
import java.util.Iterator;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/** The rows of an Avro block file. Iceberg reads it and finds the columns by their field ids. */
final class AvroRows implements ScanCursor {
  private final CloseableIterable<IndexedRecord> records;
  private final Iterator<IndexedRecord> iterator;
  private final GenericRowData row;
  private final AvroValues values;

  /** Opens a range of a file. */
  AvroRows(InputFile file, FileRange range, RowLayout layout, String token) {
    this.records =
        Avro.read(file)
            .project(layout.storedColumns())
            .split(range.start(), range.length())
            .reuseContainers()
            .build();
    this.iterator = records.iterator();
    this.row = layout.rowOf(range, token);
    this.values = new AvroValues(layout);
  }

  @Override
  public @Nullable RowData next() {
    if (!iterator.hasNext()) {
      return null;
    }
    values.copy(iterator.next(), row);
    return row;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
