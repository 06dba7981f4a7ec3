package io.nova.workload.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.workload.input.Message;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long SECOND = 1_000_000L;
  private static final long START = 1_772_445_900L * SECOND;

  @Test
  void ratesAreRead() {
    assertThat(Pace.parse("max")).isEqualTo(Pace.UNPACED);
    assertThat(Pace.parse("5000")).isEqualTo(Pace.perSecond(5000));
    assertThat(Pace.parse("60x")).isEqualTo(Pace.DEFAULT);
    for (String wrong : new String[] {"", "x", "-1", "0x", "fast", "NaN"}) {
      assertThatThrownBy(() -> Pace.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSecondHoldsSoManyMessages() {
    Pacer pacer = new Pacer(Pace.perSecond(4), () -> 0);
    assertThat(pacer.dueNanos(0)).isZero();
    assertThat(pacer.dueNanos(0)).isEqualTo(250_000_000);
  }

  @Test
  void aMinuteOfUploadsTakesASecond() {
    Pacer pacer = new Pacer(Pace.speedUp(60), () -> 0);
    assertThat(pacer.dueNanos(START)).isZero();
    assertThat(pacer.dueNanos(START + 60 * SECOND)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void oldAndUnknownUploadsAreDueAtOnce() {
    Pacer pacer = new Pacer(Pace.speedUp(1), () -> 0);
    pacer.dueNanos(START);
    pacer.dueNanos(START + SECOND);
    assertThat(pacer.dueNanos(START - 3_600 * SECOND)).isEqualTo(1_000_000_000);
    assertThat(pacer.dueNanos(Message.UNKNOWN_TIME)).isEqualTo(1_000_000_000);
    assertThat(pacer.dueNanos(START + 2 * SECOND)).isEqualTo(2_000_000_000);
  }

  @Test
  void oneWrongClockStopsNothing() {
    Pacer pacer = new Pacer(Pace.speedUp(1), () -> 0);
    pacer.dueNanos(START);
    assertThat(pacer.dueNanos(START + 86_400 * 365 * SECOND)).isZero();
    assertThat(pacer.dueNanos(START + SECOND)).isEqualTo(1_000_000_000);
  }

  @Test
  void silentNightIsNotWaitedFor() {
    Pacer pacer = new Pacer(Pace.speedUp(1), () -> 0);
    pacer.dueNanos(START);
    for (int i = 0; i <= Pacer.AGREEING; i++) {
      assertThat(pacer.dueNanos(START + 36_000 * SECOND)).isZero();
    }
    assertThat(pacer.dueNanos(START + 36_001 * SECOND)).isEqualTo(1_000_000_000);
  }
}
