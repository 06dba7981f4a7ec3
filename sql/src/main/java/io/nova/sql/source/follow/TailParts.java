package io.nova.sql.source.follow;

import io.nova.event.row.EventSchema;
import io.nova.live.client.LiveClient;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.reader.FileReading;
import io.nova.sql.source.reader.ViewReading;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.SplitPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Opens the parts of a following query's steps. Each row has its Kafka partition, offset and index,
 * also if the query does not read those columns. Used by one thread.
 */
public final class TailParts {
  private static final List<String> PLACE =
      List.of(EventSchema.KAFKA_PARTITION, EventSchema.KAFKA_OFFSET, EventSchema.KAFKA_INDEX);

  private final EventScan placed;
  private final ReadMetrics metrics;
  private final Supplier<LiveClient> clients;
  private final FileReading files;
  private final int partitionAt;
  private final int offsetAt;
  private final int indexAt;
  private final @Nullable ProjectedRowData shown;

  /**
   * The parts of one scan.
   *
   * @param clients creates the client of the live servers; called when the first view is read
   */
  public TailParts(EventScan scan, ReadMetrics metrics, Supplier<LiveClient> clients) {
    this.placed = placed(scan);
    this.metrics = metrics;
    this.clients = clients;
    this.files = new FileReading(placed, metrics);
    List<String> names =
        placed.projection().columns().stream().map(column -> column.name()).toList();
    this.partitionAt = names.indexOf(EventSchema.KAFKA_PARTITION);
    this.offsetAt = names.indexOf(EventSchema.KAFKA_OFFSET);
    this.indexAt = names.indexOf(EventSchema.KAFKA_INDEX);
    int wanted = scan.projection().columns().size();
    this.shown =
        names.size() == wanted ? null : ProjectedRowData.from(IntStream.range(0, wanted).toArray());
  }

  private static EventScan placed(EventScan scan) {
    ArrayList<Types.NestedField> columns = new ArrayList<>(scan.projection().columns());
    for (String name : PLACE) {
      Types.NestedField column = scan.spec().schema().findField(name);
      if (columns.stream().noneMatch(there -> there.fieldId() == column.fieldId())) {
        columns.add(column);
      }
    }
    return new EventScan(
        scan.spec(), new Schema(columns), scan.filter(), scan.past(), EventScan.NO_LIMIT);
  }

  /**
   * Opens a part of a step. Rows of a view are filtered by the step's window; rows of a file are
   * not.
   */
  ScanCursor open(SplitPart part, TailStep step) throws IOException {
    if (part instanceof FileRange file) {
      return files.open(file, step.token());
    }
    Expression inside = Expressions.and(placed.filter(), step.window().filter());
    EventScan windowed =
        new EventScan(placed.spec(), placed.projection(), inside, placed.past(), placed.limit());
    return new ViewReading(windowed, metrics, clients).open((LiveRange) part, step.token(), 0);
  }

  /** The position of the Kafka partition in a row. */
  int partitionAt() {
    return partitionAt;
  }

  /** The position of the Kafka offset in a row. */
  int offsetAt() {
    return offsetAt;
  }

  /** The position of the place among a message's elements in a row. */
  int indexAt() {
    return indexAt;
  }

  /** The row with the columns of the query; valid until the row changes. */
  RowData shown(RowData row) {
    return shown == null ? row : shown.replaceRow(row);
  }
}
