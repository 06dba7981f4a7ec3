package io.nova.sql.source.reader;

import io.nova.live.client.LiveClient;
import io.nova.live.client.LiveRows;
import io.nova.live.cut.StoredCut;
import io.nova.live.protocol.RowsRequest;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ExpressionTrees;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.rows.CountedRows;
import io.nova.sql.source.rows.ReadRows;
import io.nova.sql.source.rows.RecordRows;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.LiveRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.iceberg.expressions.And;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Opens the live views of one scan. Used by one thread. */
public final class ViewReading {
  /** At most 768 KB in UTF-8; a server takes requests of 1 MB. */
  private static final int LARGEST_FILTER_CHARS = 256 * 1024;

  private final EventScan scan;
  private final RowLayout layout;
  private final ReadMetrics metrics;
  private final Supplier<LiveClient> clients;
  private final String cut;
  private @Nullable LiveClient client;

  /**
   * Opens views for this scan.
   *
   * @param clients creates the client; called when the first view is read
   */
  public ViewReading(EventScan scan, ReadMetrics metrics, Supplier<LiveClient> clients) {
    this(scan, metrics, clients, "");
  }

  /**
   * Opens views of a pinned cut for this scan.
   *
   * @param cut the id of the cut, for messages; empty if it is not pinned
   */
  public ViewReading(
      EventScan scan, ReadMetrics metrics, Supplier<LiveClient> clients, String cut) {
    this.scan = scan;
    this.cut = cut;
    this.layout = RowLayout.ofViews(scan);
    this.metrics = metrics;
    this.clients = clients;
  }

  /**
   * The output of the scan for a part of a view. The server applies filter and limit.
   *
   * @param token the value of the column {@code read_token}
   * @param rowsToSkip number of rows that the caller skips; they do not count for the limit
   * @throws IOException if the server does not answer or refuses the request
   */
  public ScanCursor open(LiveRange range, String token, long rowsToSkip) throws IOException {
    return new ScanOutput(scan, metrics).of(rows(range, token, rowsToSkip), layout);
  }

  private ReadRows rows(LiveRange range, String token, long rowsToSkip) throws IOException {
    @Nullable Object[] constants = layout.constants(range, token);
    if (layout.needsNoColumn()) {
      return new CountedRows(layout, constants, scan.exact(), range.rows());
    }
    metrics.views().inc();
    RowsRequest request =
        new RowsRequest(
            range.lease(),
            range.shards(),
            columns(),
            filter(scan.above(range.completed())),
            limit(rowsToSkip));
    LiveRows records = records(range, request);
    return new RecordRows(() -> next(records), records, layout, constants, scan.exact());
  }

  private LiveRows records(LiveRange range, RowsRequest request) throws IOException {
    try {
      return client().rows(range.subtask(), request);
    } catch (IOException failed) {
      throw ofCut(failed);
    }
  }

  private @Nullable IndexedRecord next(LiveRows records) throws IOException {
    try {
      return records.next();
    } catch (IOException failed) {
      throw ofCut(failed);
    }
  }

  /** A failure of a pinned cut is final, and its message says so. */
  private IOException ofCut(IOException failed) {
    return cut.isEmpty()
        ? failed
        : new IOException(StoredCut.lost(cut, String.valueOf(failed.getMessage())), failed);
  }

  private List<Integer> columns() {
    return layout.storedColumns().columns().stream().map(NestedField::fieldId).toList();
  }

  /**
   * The filter as JSON. Conjuncts that are too large for a request are left out: the reader of the
   * rows filters them again.
   */
  static String filter(EventScan scan) {
    String whole = json(scan, scan.filter());
    return whole.length() <= LARGEST_FILTER_CHARS
        ? whole
        : json(scan, ExpressionTrees.allOf(small(scan)));
  }

  private static List<Expression> small(EventScan scan) {
    List<Expression> small = new ArrayList<>();
    Deque<Expression> left = new ArrayDeque<>(List.of(scan.filter()));
    int chars = 0;
    while (!left.isEmpty()) {
      Expression next = left.pop();
      int length = json(scan, next).length();
      if (chars + length <= LARGEST_FILTER_CHARS) {
        small.add(next);
        chars += length;
      } else if (next instanceof And and) {
        left.push(and.right());
        left.push(and.left());
      }
    }
    return small;
  }

  /** It is bound to the table's columns, so that times are written as such. */
  private static String json(EventScan scan, Expression filter) {
    return ExpressionParser.toJson(Binder.bind(scan.spec().schema().asStruct(), filter, true));
  }

  /** The server may return rows that the exact filter drops, so they do not count there. */
  private long limit(long rowsToSkip) {
    return scan.limit() > EventScan.NO_LIMIT - rowsToSkip || !scan.exact().isNone()
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
