package io.nova.workload.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class LookAheadTest {
  /** Counts from 1 to a limit; a read after the end is an error. */
  private static final class Counter extends LookAhead<Integer> {
    private final int limit;
    private int read;

    Counter(int limit) {
      this.limit = limit;
    }

    @Override
    protected Integer read() {
      assertThat(read).as("reads after the end").isLessThanOrEqualTo(limit);
      return read++ < limit ? read : null;
    }
  }

  @Test
  void nothingIsReadBeforeSomebodyAsks() {
    Counter counter = new Counter(2);
    assertThat(counter.read).isZero();

    assertThat(counter.hasNext()).isTrue();
    assertThat(counter.hasNext()).isTrue();
    assertThat(counter.read).isEqualTo(1);
    assertThat(counter.next()).isEqualTo(1);
    assertThat(counter.read).isEqualTo(1);
  }

  @Test
  void endIsReadOnce() {
    Counter counter = new Counter(1);
    assertThat(counter.next()).isEqualTo(1);

    assertThat(counter.hasNext()).isFalse();
    assertThat(counter.hasNext()).isFalse();
    assertThatThrownBy(counter::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void closedCursorHasNoMoreElements() {
    Counter counter = new Counter(2);
    assertThat(counter.hasNext()).isTrue();
    counter.close();

    assertThat(counter.hasNext()).isFalse();
  }
}
