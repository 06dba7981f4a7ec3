package io.nova.sql.source.reader;

import io.nova.live.client.LiveClient;
import io.nova.live.protocol.RowsRequest;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.split.LiveRange;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.table.data.GenericRowData;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Opens the live views of one scan. Used by one thread. */
public final class ViewReading {
  private final EventScan scan;
  private final RowLayout layout;
  private final ReadMetrics metrics;
  private final Supplier<LiveClient> clients;
  private @Nullable LiveClient client;

  /**
   * Opens views for this scan.
   *
   * @param clients creates the client; called when the first view is read
   */
  public ViewReading(EventScan scan, ReadMetrics metrics, Supplier<LiveClient> clients) {
    this.scan = scan;
    this.layout = RowLayout.ofViews(scan);
    this.metrics = metrics;
    this.clients = clients;
  }

  /**
   * The rows of a part of a view. The server applies filter and limit.
   *
   * @param token the value of the column {@code read_token}
   * @param rowsToSkip number of rows that the caller skips; they do not count for the limit
   * @throws IOException if the server does not answer or refuses the request
   */
  public ScanCursor open(LiveRange range, String token, long rowsToSkip) throws IOException {
    GenericRowData row = layout.rowOf(range, token);
    if (layout.storedColumns().columns().isEmpty()) {
      return new CountedRows(row, range.rows());
    }
    metrics.views().inc();
    RowsRequest request =
        new RowsRequest(range.lease(), range.shards(), columns(), filter(scan), limit(rowsToSkip));
    return new ViewRows(client().rows(range.subtask(), request), row, layout);
  }

  private List<Integer> columns() {
    return layout.storedColumns().columns().stream().map(NestedField::fieldId).toList();
  }

  /** The filter as JSON. It is bound to the table's columns, so that times are written as such. */
  static String filter(EventScan scan) {
    return ExpressionParser.toJson(
        Binder.bind(scan.spec().schema().asStruct(), scan.filter(), true));
  }

  private long limit(long rowsToSkip) {
    return scan.limit() > EventScan.NO_LIMIT - rowsToSkip
        ? EventScan.NO_LIMIT
        : scan.limit() + rowsToSkip;
  }

  private LiveClient client() {
    if (client == null) {
      client = clients.get();
    }
    return client;
  }
}
