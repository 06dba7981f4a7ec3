package io.nova.event.row;

import static io.nova.event.TestMessages.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowBatchTest {
  private static byte[] row(int i) {
    String city = i % 2 == 0 ? "" : "\"city\":\"é%d\",".formatted(i);
    return new RowEncoder()
        .encode(
            with(city + "\"location_lat\":-%d.5,\"paying\":%b,\"x\":1".formatted(i, i % 3 == 0)),
            new RowEncoder.Placement(-3, i, "events", 2, 1L << i));
  }

  private static @Nullable Object value(RowBatch batch, byte[] bytes, int column, int row) {
    int value = batch.value(column, row);
    return value < 0 ? null : RowFormat.read(bytes, column, value);
  }

  @Test
  void batchFindsEachValueOfEachRow() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      starts.add(out.size());
      out.writeBytes(row(i));
    }
    byte[] bytes = out.toByteArray();
    RowBatch batch = new RowBatch();
    starts.forEach(start -> assertThat(batch.add(bytes, start)).isFalse());

    RowCursor oneByOne = new RowCursor();
    for (int column = 0; column < RowFormat.columns(); column++) {
      int present = 0;
      for (int row = 0; row < 40; row++) {
        oneByOne.move(bytes, starts.get(row), RowFormat.columns() - 1);
        Object expected = oneByOne.value(column);
        assertThat(value(batch, bytes, column, row)).isEqualTo(expected);
        present += expected == null ? 0 : 1;
      }
      assertThat(batch.present(column)).isEqualTo(present);
    }
  }

  @Test
  void batchSaysWhenItIsFull() {
    byte[] row = row(1);
    RowBatch batch = new RowBatch();
    int rows = 1;
    while (!batch.add(row, 0)) {
      rows++;
    }
    assertThat(batch.rows()).isEqualTo(rows).isGreaterThan(100);

    batch.clear();
    assertThat(batch.add(row, 0)).isFalse();
    assertThat(batch.rows()).isEqualTo(1);
    assertThat(batch.present(0)).isEqualTo(1);
  }
}
