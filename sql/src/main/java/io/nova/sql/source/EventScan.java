package io.nova.sql.source;

import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchNumbers;
import java.io.Serializable;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.jspecify.annotations.Nullable;

/**
 * One scan of the table: its columns, filter and limit.
 *
 * @param spec the table's partitioning, with the schema that names in the filter refer to
 * @param projection the columns of a row in order; {@link MetadataColumns#FILE_PATH} for its file
 *     and {@link #READ_TOKEN} for the query's read token
 * @param filter true for every row of the query and perhaps for others; it skips files, row groups
 *     and pages, and rows of live views
 * @param exact the filter that the scan applies to each row
 * @param aggregation the aggregates to return in place of rows; null for rows
 * @param past the past that is read; null for the table at the query's start
 * @param limit the number of rows after which the query may stop, or {@link #NO_LIMIT}
 */
public record EventScan(
    PartitionSpec spec,
    Schema projection,
    Expression filter,
    ExactFilter exact,
    @Nullable Aggregation aggregation,
    @Nullable Past past,
    long limit)
    implements Serializable {
  /**
   * A snapshot that the query names.
   *
   * @param snapshotId Iceberg's id of the snapshot
   * @param completed the last batch whose rows are left out; {@link BatchNumbers#NONE} for none
   * @param batchSnapshotId the snapshot of the batch layer's table; null if it is not read
   */
  public record Past(long snapshotId, long completed, @Nullable Long batchSnapshotId)
      implements Serializable {}

  /** The limit of a query that needs all rows. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** The column of the read token. No file stores it, and Iceberg assigns its id to no column. */
  public static final NestedField READ_TOKEN =
      NestedField.required(2_000_000_001, "read_token", StringType.get());

  /** The partition column, whose value is in the metadata of a file. */
  public static final String BATCH_NUMBER = EventSchema.BATCH_NUMBER;

  /** The column of the upload time. */
  public static final String SERVER_UPLOAD_TIME = "server_upload_time";

  /**
   * Checks partitioning and limit.
   *
   * @throws IllegalArgumentException if the table is not partitioned by batch number, or the limit
   *     is negative
   */
  public EventScan {
    if (spec.fields().size() != 1
        || !spec.fields().get(0).name().equals(BATCH_NUMBER)
        || !spec.fields().get(0).transform().isIdentity()) {
      throw new IllegalArgumentException(
          "Table nova.events: found the partitioning "
              + spec
              + ", expected batch_number. It is not read.");
    }
    if (limit < 0) {
      throw new IllegalArgumentException("Limit: found " + limit + ", expected 0 or more.");
    }
  }

  /** A scan of rows that only skips by its filter. */
  public EventScan(
      PartitionSpec spec, Schema projection, Expression filter, @Nullable Past past, long limit) {
    this(spec, projection, filter, ExactFilter.NONE, null, past, limit);
  }

  /** The same scan without rows of batches up to this one. It excludes whole files and blocks. */
  public EventScan above(long completed) {
    return completed == BatchNumbers.NONE
        ? this
        : filtered(Expressions.greaterThan(BATCH_NUMBER, completed));
  }

  /** The same scan with the rows of batches up to this one only. */
  public EventScan upTo(long completed) {
    return filtered(Expressions.lessThanOrEqual(BATCH_NUMBER, completed));
  }

  /** The condition comes first, so that a request to a live server never leaves it out. */
  private EventScan filtered(Expression condition) {
    Expression both = Expressions.and(condition, filter);
    return new EventScan(spec, projection, both, exact, aggregation, past, limit);
  }

  /** Whether the metadata of the files suffices, as for COUNT(*). */
  public boolean needsNoColumn() {
    return RowLayout.ofFiles(this).needsNoColumn();
  }
}
