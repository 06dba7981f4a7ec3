package io.nova.sql.source.follow;

import io.nova.live.client.LiveClient;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.reader.FileReading;
import io.nova.sql.source.reader.ScanCursor;
import io.nova.sql.source.reader.ViewReading;
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
 * Opens the parts of the steps of a query that follows, with the places of their rows in Kafka,
 * whether the query wants to see them or not. Used by one thread.
 */
public final class TailParts {
  private final EventScan placed;
  private final ReadMetrics metrics;
  private final Supplier<LiveClient> clients;
  private final FileReading files;
  private final int partitionAt;
  private final int offsetAt;
  private final @Nullable ProjectedRowData shown;

  /**
   * The parts of one scan.
   *
   * @param clients makes a client, once a view is to be read
   */
  public TailParts(EventScan scan, ReadMetrics metrics, Supplier<LiveClient> clients) {
    this.placed = placed(scan);
    this.metrics = metrics;
    this.clients = clients;
    this.files = new FileReading(placed, metrics);
    List<String> names =
        placed.projection().columns().stream().map(column -> column.name()).toList();
    this.partitionAt = names.indexOf(OffsetWindow.PARTITION);
    this.offsetAt = names.indexOf(OffsetWindow.OFFSET);
    int wanted = scan.projection().columns().size();
    this.shown =
        names.size() == wanted ? null : ProjectedRowData.from(IntStream.range(0, wanted).toArray());
  }

  private static EventScan placed(EventScan scan) {
    ArrayList<Types.NestedField> columns = new ArrayList<>(scan.projection().columns());
    for (String name : new String[] {OffsetWindow.PARTITION, OffsetWindow.OFFSET}) {
      Types.NestedField column = scan.spec().schema().findField(name);
      if (columns.stream().noneMatch(there -> there.fieldId() == column.fieldId())) {
        columns.add(column);
      }
    }
    return new EventScan(
        scan.spec(), new Schema(columns), scan.filter(), scan.snapshotId(), EventScan.NO_LIMIT);
  }

  /** The rows of a part of a step, those of a view within its window. */
  ScanCursor open(SplitPart part, TailStep step) throws IOException {
    if (part instanceof FileRange file) {
      return files.open(file, step.token());
    }
    Expression inside = Expressions.and(placed.filter(), step.window().filter());
    EventScan windowed =
        new EventScan(
            placed.spec(), placed.projection(), inside, placed.snapshotId(), placed.limit());
    return new ViewReading(windowed, metrics, clients).open((LiveRange) part, step.token(), 0);
  }

  /** Where a row has its partition. */
  int partitionAt() {
    return partitionAt;
  }

  /** Where a row has its offset. */
  int offsetAt() {
    return offsetAt;
  }

  /** The row as the query wants it, valid as long as the row. */
  RowData shown(RowData row) {
    return shown == null ? row : shown.replaceRow(row);
  }
}
