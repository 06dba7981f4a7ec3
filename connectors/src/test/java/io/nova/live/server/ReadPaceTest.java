package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ReadPaceTest {
  private static final long MILLI = 1_000_000;

  private long nowNanos;
  private double load;
  private final ReadPace pace = new ReadPace(0.1, () -> load, () -> nowNanos);

  /** The share of a core that n readers get if each waits as long as it must. */
  private long readNanosOfASecond(int readers) {
    long[] goesOn = new long[readers];
    long begin = nowNanos;
    long read = 0;
    while (nowNanos - begin < 1000 * MILLI) {
      for (int i = 0; i < readers; i++) {
        if (goesOn[i] <= nowNanos) {
          nowNanos += MILLI / 10;
          read += MILLI / 10;
          goesOn[i] = nowNanos + pace.pauseNanos(MILLI / 10);
        }
      }
      nowNanos += MILLI / 100;
    }
    return read;
  }

  @Test
  void whereTheMachineIsBusyAllReadersTogetherGetTheirShare() {
    load = 0.9;

    assertThat(readNanosOfASecond(1)).isCloseTo(100 * MILLI, Percentage.withPercentage(20));
    nowNanos += 10_000 * MILLI;
    assertThat(readNanosOfASecond(20)).isCloseTo(100 * MILLI, Percentage.withPercentage(30));
  }

  @Test
  void whereItIsNotBusyNobodyWaits() {
    load = 0.5;

    assertThat(readNanosOfASecond(1)).isGreaterThan(800 * MILLI);
    assertThat(pace.pauseNanos(MILLI)).isZero();
  }

  @Test
  void whatIsOwedIsForgottenWhenTheMachineIsNotBusyAnyMore() {
    load = 0.9;
    assertThat(pace.pauseNanos(10 * MILLI)).isCloseTo(90 * MILLI, within(MILLI));
    load = 0.1;
    nowNanos += 250 * MILLI;
    assertThat(pace.pauseNanos(MILLI)).isZero();
  }
}
