package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LongRowsTest {
  @Test
  void sortsAsAComparatorDoes() {
    Random random = new Random(5);
    LongRows rows = new LongRows(2);
    for (int i = 0; i < 40_000; i++) {
      rows.add(i % 7 == 0 ? 3 : random.nextLong(), random.nextInt(10));
    }

    int[] order = rows.sortedBy(0, 1);

    assertThat(Arrays.stream(order).distinct().count()).isEqualTo(rows.size());
    assertThat(IntStream.of(order).boxed().toList())
        .isSortedAccordingTo(
            Comparator.<Integer>comparingLong(row -> rows.get(row, 0))
                .thenComparingLong(row -> rows.get(row, 1)));
  }

  @Test
  void nothingIsSorted() {
    assertThat(new LongRows(1).sortedBy(0)).isEmpty();
  }
}
