package io.nova.console.ask.cut;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The table of the batch layer, whose rows answer for completed batches. Columns are found by name.
 * The place of a message may be missing there. Every other column must be there with the same type.
 *
 * @param table the table
 * @param fields by column of the event table, its field in this table
 */
record BatchLayerTable(Table table, Map<String, NestedField> fields) {
  /**
   * The table with its current snapshot.
   *
   * @param completed the last completed batch, for the message
   * @throws IllegalStateException if it is missing, was never written, or lacks columns
   */
  static BatchLayerTable find(CatalogAddress catalog, AskColumns columns, long completed) {
    Optional<Table> found = BatchTable.find(catalog);
    if (found.isEmpty() || found.get().currentSnapshot() == null) {
      throw new IllegalStateException(
          "Table nova.batch_events is missing or was never written, and batch %d is completed, so lambda_events needs its rows. Nothing is read. Let the batch layer write the table, or withdraw the batch."
              .formatted(completed));
    }
    Table table = found.get();
    requirePartitioning(table);
    return new BatchLayerTable(table, fields(table, columns));
  }

  private static void requirePartitioning(Table table) {
    List<PartitionField> partitioning = table.spec().fields();
    if (partitioning.size() != 1
        || !partitioning.get(0).name().equals(EventSchema.BATCH_NUMBER)
        || !partitioning.get(0).transform().isIdentity()) {
      throw new IllegalStateException(
          "Table nova.batch_events: found the partitioning %s, expected batch_number. Table lambda_events is not read."
              .formatted(table.spec()));
    }
  }

  private static Map<String, NestedField> fields(Table table, AskColumns columns) {
    Map<String, NestedField> fields = new HashMap<>();
    ArrayList<String> missing = new ArrayList<>();
    for (NestedField column : columns.stored()) {
      NestedField found = table.schema().findField(column.name());
      if (found != null && found.type().equals(column.type())) {
        fields.put(column.name(), found);
      } else if (!EventSchema.PLACE.contains(column.name())) {
        missing.add(column.name() + " " + column.type());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Table nova.batch_events lacks these columns of nova.events, or has them with other types: %s. Table lambda_events is not read. Let the batch layer add them."
              .formatted(String.join(", ", missing)));
    }
    return fields;
  }
}
