package io.nova.event.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BatchTailTest {
  private static final BatchTail DAYS =
      new BatchTail(Duration.ofMinutes(5), Duration.ofDays(1), Duration.ofMinutes(8));

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }

  @Test
  void theLastWindowOfADayIsRoundedToWholeBlocks() {
    assertThat(DAYS.has(micros("2026-11-21T23:49:59Z"))).isFalse();
    assertThat(DAYS.has(micros("2026-11-21T23:50:00Z"))).isTrue();
    assertThat(DAYS.has(micros("2026-11-21T23:59:59Z"))).isTrue();
    assertThat(DAYS.has(micros("2026-11-22T00:00:00Z"))).isFalse();
  }

  @Test
  void aWindowAboveTheBatchLengthTakesTheWholeBatch() {
    BatchTail hours = new BatchTail(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(7));

    assertThat(hours.fromMicros(3)).isEqualTo(Duration.ofHours(3).toMillis() * 1000);
    assertThat(hours.has(Duration.ofHours(3).toMillis() * 1000)).isTrue();
  }
}
