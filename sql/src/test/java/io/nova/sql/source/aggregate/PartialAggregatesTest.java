package io.nova.sql.source.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.source.Aggregation;
import io.nova.sql.source.Aggregation.Call;
import io.nova.sql.source.Aggregation.Function;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.rows.Cell;
import io.nova.sql.source.rows.ReadRows;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Partial aggregates of rows in memory, merged as Flink merges them, against plain maps. */
class PartialAggregatesTest {
  private static final Schema COLUMNS =
      new Schema(
          IcebergWarehouse.SCHEMA.findField("event_type"),
          IcebergWarehouse.SCHEMA.findField("event_id"));

  /** Rows of a text from a dictionary and a number. The dictionary changes every 100 rows. */
  private static final class DictionaryRows implements ReadRows {
    private final Random random = new Random(3);
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, Long> sums = new HashMap<>();
    private int row;
    private Object dictionary = new Object();
    private int code;
    private long number;

    private String text() {
      return code == 40 ? "null" : "type " + (code + row / 100 * 7) % 60;
    }

    @Override
    public long advance() {
      if (row == 1_000) {
        return 0;
      }
      row++;
      if (row % 100 == 0) {
        dictionary = new Object();
      }
      code = random.nextInt(41);
      number = random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextInt(100);
      counts.merge(text(), 2L, Long::sum);
      sums.merge(text(), number * 2, Long::sum);
      return 2;
    }

    @Override
    public List<Cell> cells() {
      return List.of(new TestCell(true), new TestCell(false));
    }

    @Override
    public void close() {}

    private final class TestCell implements Cell {
      private final boolean coded;

      private TestCell(boolean coded) {
        this.coded = coded;
      }

      @Override
      public boolean isNull() {
        return coded && code == 40;
      }

      @Override
      public long number() {
        return number;
      }

      @Override
      public BinaryStringData text() {
        return BinaryStringData.fromString(DictionaryRows.this.text());
      }

      @Override
      public @Nullable Object value() {
        return isNull() ? null : text();
      }

      @Override
      public int code() {
        return coded ? code : -1;
      }

      @Override
      public int codes() {
        return coded ? 40 : 0;
      }

      @Override
      public @Nullable Object dictionary() {
        return coded ? dictionary : null;
      }
    }
  }

  private static RowLayout layout() {
    return RowLayout.ofViews(
        new EventScan(
            PartitionSpec.builderFor(IcebergWarehouse.SCHEMA).identity("batch_number").build(),
            COLUMNS,
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT));
  }

  @Test
  void partialRowsAddUpHoweverFewGroupsFit() throws IOException {
    Aggregation byType = new Aggregation(List.of(0), List.of(Call.ROWS, new Call(Function.SUM, 1)));
    for (int most : List.of(1, 2, 16, 1_024)) {
      DictionaryRows rows = new DictionaryRows();
      SimpleCounter counted = new SimpleCounter();
      PartialAggregates partial = new PartialAggregates(rows, layout(), byType, counted, most);
      Map<String, Long> counts = new HashMap<>();
      Map<String, Long> sums = new HashMap<>();
      for (RowData row = partial.next(); row != null; row = partial.next()) {
        String type = String.valueOf(row.isNullAt(0) ? null : row.getString(0));
        counts.merge(type, row.getLong(1), Long::sum);
        sums.merge(type, row.getLong(2), Long::sum);
      }
      assertThat(counts).as("%s groups fit", most).isEqualTo(rows.counts);
      assertThat(sums).as("%s groups fit", most).isEqualTo(rows.sums);
      assertThat(counted.getCount()).isEqualTo(2_000);
    }
  }
}
