package io.nova.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNameTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aDayIsNamedByItsDate() {
    assertThat(BatchName.of(20_778, DAY)).isEqualTo("2026-11-21");
    assertThat(BatchName.parse("2026-11-21", DAY)).isEqualTo(20_778);
    assertThat(BatchName.of(-1, DAY)).isEqualTo("1969-12-31");
  }

  @Test
  void aShorterBatchIsNamedByItsTime() {
    long midnight = 20_778 * 24;
    assertThat(BatchName.of(midnight, HOUR)).isEqualTo("2026-11-21");
    assertThat(BatchName.of(midnight + 13, HOUR)).isEqualTo("2026-11-21T13:00Z");
    assertThat(BatchName.parse("2026-11-21T13:00Z", HOUR)).isEqualTo(midnight + 13);
    assertThat(BatchName.parse("2026-11-21", HOUR)).isEqualTo(midnight);
  }

  @Test
  void aTimeOfAnotherZoneIsTheSameTime() {
    assertThat(BatchName.parse("2026-11-21T14:00+01:00", HOUR))
        .isEqualTo(BatchName.parse("2026-11-21T13:00:00Z", HOUR));
  }

  @Test
  void everyNameIsReadBack() {
    for (Duration length : List.of(DAY, HOUR, Duration.ofSeconds(90), Duration.ofDays(7))) {
      for (long batch : List.of(-5L, 0L, 1L, 30L, 20_778L)) {
        assertThat(BatchName.parse(BatchName.of(batch, length), length)).isEqualTo(batch);
      }
    }
  }

  @Test
  void aNumberIsTaken() {
    assertThat(BatchName.parse("20778", DAY)).isEqualTo(20_778);
  }

  @Test
  void otherTextsNameTheExpectedForm() {
    for (String text : List.of("", "yesterday", "2026-11-31", "2026-11-21T13:00", "9".repeat(30))) {
      assertThatThrownBy(() -> BatchName.parse(text, DAY))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Batch '" + text + "': expected the UTC day or time")
          .hasMessageContaining("2026-11-21T13:00Z");
    }
    assertThatThrownBy(() -> BatchName.parse(Long.toString(Long.MAX_VALUE), DAY))
        .hasMessageContaining("or its number");
  }

  @Test
  void aTimeWithinABatchNamesThatBatch() {
    assertThatThrownBy(() -> BatchName.parse("2026-11-21T13:05Z", HOUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the batch with that time is 2026-11-21T13:00Z");
  }
}
