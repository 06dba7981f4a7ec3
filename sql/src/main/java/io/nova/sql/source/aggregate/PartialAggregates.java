package io.nova.sql.source.aggregate;

import io.nova.sql.source.Aggregation;
import io.nova.sql.source.Aggregation.Call;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ConstantCell;
import io.nova.sql.source.rows.ReadRows;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.rows.ValueKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * The partial aggregates of a part: rows with the columns of a group and a partial result of each
 * call, as Flink's local aggregate would make them. Memory is bounded: when there are many groups,
 * they are passed on, and a later row of such a group begins a new partial row.
 */
public final class PartialAggregates implements ScanCursor {
  /** About 10 MB of groups. */
  public static final int MOST_GROUPS = 1 << 15;

  private static final Cell NO_COLUMN = new ConstantCell(null);

  private final ReadRows rows;
  private final Counter counted;
  private final int width;
  private final PartialCall[] calls;
  private final PartialGroups groups;
  private final CodedGroups coded;
  private final GenericRowData row;
  private Iterator<PartialGroup> drained = List.<PartialGroup>of().iterator();

  /**
   * The aggregates of these rows.
   *
   * @param counted counts the rows
   * @param mostGroups number of groups after which they are passed on, a power of two
   */
  public PartialAggregates(
      ReadRows rows, RowLayout layout, Aggregation aggregation, Counter counted, int mostGroups) {
    this.rows = rows;
    this.counted = counted;
    this.width = aggregation.groups().size();
    this.calls = calls(rows, layout, aggregation);
    Cell[] columns = aggregation.groups().stream().map(rows.cells()::get).toArray(Cell[]::new);
    ValueKind[] kinds =
        aggregation.groups().stream()
            .map(position -> kind(layout, position))
            .toArray(ValueKind[]::new);
    this.groups = new PartialGroups(columns, kinds, calls.length, mostGroups);
    this.coded = new CodedGroups(groups, columns);
    this.row = new GenericRowData(width + calls.length);
  }

  private static PartialCall[] calls(ReadRows rows, RowLayout layout, Aggregation aggregation) {
    List<PartialCall> calls = new ArrayList<>();
    for (Call call : aggregation.calls()) {
      int column = call.column();
      calls.add(
          column < 0
              ? new PartialCall(call.function(), NO_COLUMN, ValueKind.LONG, calls.size())
              : new PartialCall(
                  call.function(), rows.cells().get(column), kind(layout, column), calls.size()));
    }
    return calls.toArray(PartialCall[]::new);
  }

  private static ValueKind kind(RowLayout layout, int position) {
    return ValueKind.of(layout.columns().get(position).type());
  }

  @Override
  public @Nullable RowData next() throws IOException {
    if (!drained.hasNext()) {
      fold();
    }
    return drained.hasNext() ? rowOf(drained.next()) : null;
  }

  private void fold() throws IOException {
    long equal = groups.isFull() ? 0 : rows.advance();
    while (equal > 0) {
      counted.inc(equal);
      PartialGroup group = coded.ofRow();
      for (PartialCall call : calls) {
        groups.keepsText(call.add(group, equal));
      }
      equal = groups.isFull() ? 0 : rows.advance();
    }
    drained = groups.drain().iterator();
    coded.clear();
  }

  private RowData rowOf(PartialGroup group) {
    for (int i = 0; i < width; i++) {
      row.setField(i, group.key[i]);
    }
    for (int i = 0; i < calls.length; i++) {
      row.setField(width + i, calls[i].result(group));
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
