package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.event.Micros;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UploadProgressTest {
  private static final long MINUTE = 60_000_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private UploadProgress progress = new UploadProgress(Long.MAX_VALUE);
  private long now = 20_000 * DAY;

  /** Events of a right clock for a time, one every so often. */
  private void pass(long time, long every) {
    for (long end = now + time; now < end; now += every) {
      progress.read(now, now);
    }
  }

  private void read(int events, long uploadMicros) {
    for (int i = 0; i < events; i++) {
      progress.read(uploadMicros, uploadMicros);
    }
  }

  private long lag() {
    return now - progress.reachedMicros();
  }

  @Test
  void tenEventsAnHourLagAnHourAtMost() {
    pass(4 * HOUR, 6 * MINUTE);

    for (int i = 0; i < 200; i++) {
      pass(6 * MINUTE, 6 * MINUTE);
      assertThat(lag()).isBetween(0L, HOUR);
    }
  }

  @Test
  void manyEventsLagByAThousand() {
    pass(4 * HOUR, MINUTE / 100);

    assertThat(lag()).isBetween(0L, 20 * MINUTE);
  }

  @Test
  void firstHourHasNoProgress() {
    pass(HOUR, MINUTE / 10);

    assertThat(progress.reachedMicros()).isEqualTo(Micros.UNKNOWN);
  }

  @Test
  void handfulOfEventsFarAheadMovesNothing() {
    for (long ahead : new long[] {50 * MINUTE, 5 * HOUR, 23 * HOUR, 30 * DAY}) {
      pass(5 * HOUR, MINUTE);
      for (int events = 1; events < 20; events++) {
        pass(HOUR, MINUTE);
        read(events, now + ahead);
        assertThat(lag()).as("%s events %s ahead", events, ahead).isPositive();
      }
    }
  }

  @Test
  void wrongClockForLessThanAnHourMovesNothingHoweverManyItsEvents() {
    pass(5 * HOUR, MINUTE);

    for (long end = now + 50 * MINUTE; now < end; now += MINUTE / 200) {
      progress.read(now + 30 * DAY, now + 30 * DAY);
    }

    assertThat(lag()).isPositive();
    pass(5 * HOUR, MINUTE);
    assertThat(lag()).isBetween(0L, HOUR);
  }

  @Test
  void aFewEventsAgainAndAgainAreNoEvidence() {
    pass(5 * HOUR, MINUTE);

    for (int hour = 0; hour < 100; hour++) {
      read(200, now + 30 * DAY);
      pass(HOUR, MINUTE);
    }

    assertThat(lag()).isBetween(0L, 2 * HOUR);
  }

  @Test
  void weekendWithoutEventsIsOverThreeHoursAfterIt() {
    pass(5 * HOUR, MINUTE / 10);
    now += 62 * HOUR;

    pass(3 * HOUR, MINUTE / 10);
    assertThat(lag()).isBetween(0L, 2 * HOUR);
  }

  /** A buffer of hours that is sent at once. */
  @Test
  void wrongTimesOfManyHoursInOneMomentMoveNothing() {
    for (long every : new long[] {MINUTE / 100, MINUTE, 20 * MINUTE}) {
      pass(5 * HOUR, MINUTE);
      for (long buffered = 0; buffered < 5 * HOUR; buffered += every) {
        progress.read(now + 30 * DAY + buffered, now);
      }
      assertThat(lag()).isPositive();
      pass(5 * HOUR, MINUTE);
      assertThat(lag()).isBetween(0L, 2 * HOUR);
    }
  }

  /** Its records are all of one moment. */
  @Test
  void replayOfOldFilesGoesOnByItself() {
    long written = now + 100 * DAY;
    for (int week = 0; week < 4; week++) {
      for (long end = now + 5 * DAY; now < end; now += MINUTE) {
        progress.read(now, written);
      }
      now += 2 * DAY;
    }
    assertThat(lag()).as("the first pause holds it").isGreaterThan(20 * DAY);

    now = written;
    pass(5 * HOUR, MINUTE);
    assertThat(lag()).isBetween(0L, HOUR);
  }

  @Test
  void oldEventsDoNotMoveItBack() {
    pass(5 * HOUR, MINUTE);
    long before = progress.reachedMicros();

    read(5_000, now - 3 * DAY);

    assertThat(progress.reachedMicros()).isEqualTo(before);
  }

  @Test
  void stepToAFarTimeIsUndoneByABound() {
    pass(5 * HOUR, MINUTE);
    long bound = now;
    now += 30 * DAY;
    pass(3 * HOUR, MINUTE);
    assertThat(lag()).isLessThan(HOUR);

    progress = ReadPartition.read(new ReadPartition(0, 1, progress).write(), bound).progress();

    assertThat(progress.reachedMicros()).isEqualTo(bound);
    pass(3 * HOUR, MINUTE);
    assertThat(progress.reachedMicros()).isEqualTo(bound);
    now = bound;
    progress =
        ReadPartition.read(new ReadPartition(0, 1, progress).write(), Long.MAX_VALUE).progress();
    pass(3 * HOUR, MINUTE);
    assertThat(lag()).isBetween(0L, HOUR);
  }

  /** A job that stops between any two events goes on as if it had not. */
  @Test
  void restoredProgressGoesOnAlike() {
    Random random = new Random(7);
    UploadProgress restored = new UploadProgress(Long.MAX_VALUE);
    List<Long> one = new ArrayList<>();
    List<Long> other = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      now += random.nextInt(400) == 0 ? 5 * HOUR : random.nextInt((int) MINUTE);
      long upload = now + (random.nextInt(10) == 0 ? 30 * DAY : 0) - random.nextInt(60) * MINUTE;
      progress.read(upload, now);
      restored.read(upload, now);
      if (random.nextInt(9) == 0) {
        byte[] stored = new ReadPartition(0, i, restored).write();
        restored = ReadPartition.read(stored, Long.MAX_VALUE).progress();
      }
      one.add(progress.reachedMicros());
      other.add(restored.reachedMicros());
    }

    assertThat(other).isEqualTo(one);
  }

  @Test
  void stateOfANewerNovaIsRefused() {
    byte[] newer = new ReadPartition(0, 1, progress).write();
    newer[0] = 2;

    assertThatIllegalStateException()
        .isThrownBy(() -> ReadPartition.read(newer, Long.MAX_VALUE))
        .withMessageContaining("version 2 found, 1 expected");
  }
}
