package io.nova.sql.source;

import java.io.Serializable;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.jspecify.annotations.Nullable;

/**
 * What a query wants of the table.
 *
 * @param spec the table's partitioning, with the schema that names in the filter refer to
 * @param projection the columns of a row in order, {@link MetadataColumns#FILE_PATH} for its file
 *     and {@link #READ_TOKEN} for the query's read token
 * @param filter holds for at least the rows that the query wants; used to skip files and row
 *     groups, and at the live views, rows
 * @param snapshotId the snapshot to read, or null for the one current when the query starts
 * @param limit how many rows suffice, or {@link #NO_LIMIT}
 */
public record EventScan(
    PartitionSpec spec, Schema projection, Expression filter, @Nullable Long snapshotId, long limit)
    implements Serializable {
  /** All rows. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** Stands for the read token, which no row stores; its id is none that Iceberg hands out. */
  public static final NestedField READ_TOKEN =
      NestedField.required(2_000_000_001, "read_token", StringType.get());

  /** The partition column, whose value a file's metadata knows. */
  public static final String BATCH_NUMBER = "batch_number";

  /** Refuses a table that is partitioned otherwise and a negative limit. */
  public EventScan {
    if (spec.fields().size() != 1
        || !spec.fields().get(0).name().equals(BATCH_NUMBER)
        || !spec.fields().get(0).transform().isIdentity()) {
      throw new IllegalArgumentException(
          "Table nova.events: found the partitioning "
              + spec
              + ", expected the batch_number itself. It is not read.");
    }
    if (limit < 0) {
      throw new IllegalArgumentException("Limit: found " + limit + ", expected 0 or more.");
    }
  }

  /** Whether the files' metadata alone answer, as for COUNT(*). */
  public boolean needsNoColumn() {
    return RowLayout.ofFiles(this).storedColumns().columns().isEmpty();
  }
}
