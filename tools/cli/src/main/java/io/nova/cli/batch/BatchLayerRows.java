package io.nova.cli.batch;

import io.nova.event.row.EventSchema;
import io.nova.kafka.batches.client.BatchAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Rows of a table of the batch layer.
 *
 * @param table the table as loaded
 * @param batches a condition on the batch number
 */
record BatchLayerRows(Table table, Expression batches) implements BatchAudit.Rows {
  /** The rows of one batch. */
  static BatchLayerRows of(Table table, long batch) {
    return new BatchLayerRows(table, Expressions.equal(EventSchema.BATCH_NUMBER, batch));
  }

  /** The rows of a range of batches, without one of them. */
  static BatchLayerRows around(Table table, long batch, long first, long last) {
    return new BatchLayerRows(
        table,
        Expressions.and(
            Expressions.notEqual(EventSchema.BATCH_NUMBER, batch),
            Expressions.greaterThanOrEqual(EventSchema.BATCH_NUMBER, first),
            Expressions.lessThanOrEqual(EventSchema.BATCH_NUMBER, last)));
  }

  @Override
  public void forEach(Consumer<Record> row, String... columns) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).where(batches).select(columns).build()) {
      rows.forEach(row);
    } catch (IOException e) {
      throw new UncheckedIOException("Table %s cannot be read".formatted(table.location()), e);
    }
  }
}
