package io.nova.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {
  @Test
  void oneSlowRunDoesNotCount() {
    assertThat(Medians.of(List.of(70.0, 10.0, 71.0))).isEqualTo(70);
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTwo() {
    assertThat(Medians.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
  }

  @Test
  void nothingHasNoMedian() {
    assertThat(Medians.of(List.of())).isNaN();
  }
}
