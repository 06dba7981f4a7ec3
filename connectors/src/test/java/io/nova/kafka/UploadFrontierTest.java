package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UploadFrontierTest {
  private static final long MINUTE = 60_000_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long YEAR = 365 * 24 * HOUR;

  private final UploadFrontier frontier = new UploadFrontier();

  private void read(long... uploadTimes) {
    for (long time : uploadTimes) {
      frontier.read(time);
    }
  }

  @Test
  void followsTheGreatestUploadTime() {
    read(0, MINUTE, 2 * MINUTE, 50 * MINUTE, 10 * MINUTE);

    assertThat(frontier.reachedMicros()).isEqualTo(50 * MINUTE);
  }

  @Test
  void oneEventAYearAheadMovesNothing() {
    read(0, 0, 0, YEAR, MINUTE, YEAR, YEAR, 2 * MINUTE);

    assertThat(frontier.reachedMicros()).isEqualTo(2 * MINUTE);
  }

  @Test
  void oneEventAYearAheadMovesNothingAsTheFirstOfAll() {
    read(YEAR, 0, MINUTE);

    assertThat(frontier.reachedMicros()).isZero();
  }

  @Test
  void aYearOfSilenceIsBelievedWithTheThirdEventAfterIt() {
    read(0, 0, 0, YEAR + 2, YEAR + 1);
    assertThat(frontier.reachedMicros()).isZero();

    read(YEAR + 3);
    assertThat(frontier.reachedMicros()).isEqualTo(YEAR + 1);
  }

  @Test
  void oneEventAYearBackMovesNothing() {
    read(YEAR, YEAR, YEAR, 0, YEAR + 1);

    assertThat(frontier.reachedMicros()).isEqualTo(YEAR + 1);
  }
}
