package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartsTest {
  private Instant now = Instant.parse("2026-11-29T10:00:00Z");
  private final Restarts restarts = new Restarts(() -> now);

  @Test
  void fiveRestartsInTenMinutesAreEnough() {
    for (int i = 0; i < 5; i++) {
      assertThat(restarts.mayRestart()).isTrue();
      restarts.note();
      now = now.plusSeconds(60);
    }
    assertThat(restarts.mayRestart()).isFalse();

    now = now.plus(Duration.ofMinutes(5));
    assertThat(restarts.mayRestart()).as("ten minutes after the first").isFalse();
    now = now.plusMillis(1);
    assertThat(restarts.mayRestart()).isTrue();
  }

  @Test
  void rareDeathsAreNoReasonToGiveUp() {
    for (int i = 0; i < 100; i++) {
      assertThat(restarts.mayRestart()).isTrue();
      restarts.note();
      now = now.plusSeconds(121);
    }
  }

  @Test
  void theLastRestartIsKnown() {
    assertThat(restarts.last()).isEmpty();
    restarts.note();
    now = now.plusSeconds(1);
    restarts.note();
    assertThat(restarts.last()).hasValue(now);
  }
}
