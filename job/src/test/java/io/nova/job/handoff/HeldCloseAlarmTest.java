package io.nova.job.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.HeldClose;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldCloseAlarmTest {
  private static final long DAY = 20_778;
  private static final long MICROS_A_DAY = 86_400_000_000L;

  private final HeldCloseAlarm alarm = new HeldCloseAlarm("events", Duration.ofDays(1));

  private String after(int minutes, Optional<HeldClose> held) {
    return alarm.note(held, Duration.ofMinutes(minutes).toMillis()).orElse("");
  }

  private static Optional<HeldClose> by(int partition) {
    return Optional.of(new HeldClose(DAY, partition, DAY * MICROS_A_DAY));
  }

  @Test
  void aCloseThatIsHeldForHalfAnHourIsNamedOnce() {
    assertThat(after(0, by(3))).isEmpty();
    assertThat(after(29, by(3))).isEmpty();
    assertThat(after(30, by(3)))
        .isEqualTo(
            "Batch 2026-11-21 does not close: partition 3 of topic events is at"
                + " 2026-11-21T00:00:00Z. It has been held for 30 minutes. Find out why. Or stop"
                + " waiting for it: ./nova batch retire 3.");
    assertThat(after(90, by(3))).isEmpty();
  }

  /** The slowest of several slow partitions changes all the time. */
  @Test
  void theTimeGoesOnWithAnotherPartitionAndBeginsAnewAfterAClose() {
    assertThat(after(0, by(3))).isEmpty();
    assertThat(after(20, by(2))).isEmpty();
    assertThat(after(29, by(3))).isEmpty();
    assertThat(after(30, by(2))).contains("partition 2 of topic events");
    assertThat(after(51, Optional.empty())).isEmpty();
    assertThat(after(52, by(2))).isEmpty();
    assertThat(after(82, by(2))).contains("partition 2 of topic events");
  }
}
