package io.nova.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which partitions wait while a backlog is read. Times are minutes of one day. */
class AlignmentTest {
  private static final TopicPartition FAST = new TopicPartition("events", 0);
  private static final TopicPartition SLOW = new TopicPartition("events", 1);
  private static final long NOW = 24 * 60;

  private final ReadTimes times = new ReadTimes();
  private final Alignment alignment = new Alignment(Duration.ofMinutes(30), times);

  private void read(TopicPartition partition, long minute, long second) {
    times.note(ReadRecord.of(partition, minute < 0 ? -1 : ms(minute)), nanos(second));
  }

  private static long ms(long minute) {
    return Duration.ofMinutes(minute).toMillis();
  }

  private static long nanos(long second) {
    return Duration.ofSeconds(second).toNanos();
  }

  private Set<TopicPartition> align(long slowestMinute, long second) {
    return alignment.align(new Slowest(ms(slowestMinute), ms(NOW)), nanos(second));
  }

  private ReadTo readTo(long second) {
    return alignment.readTo(nanos(second));
  }

  @Test
  void partitionWaitsThatIsFurtherAheadThanTheDrift() {
    read(FAST, 231, 0);
    read(SLOW, 200, 0);

    assertThat(align(200, 0)).containsExactly(FAST);
    assertThat(align(201, 0)).isEmpty();
  }

  @Test
  void livePartitionNeverWaits() {
    read(FAST, NOW - 30, 0);
    read(SLOW, 200, 0);

    assertThat(align(200, 0)).isEmpty();
  }

  @Test
  void silentPartitionIsLeftOut() {
    read(FAST, 400, 10);
    read(SLOW, 200, 0);

    assertThat(readTo(2)).isEqualTo(new ReadTo(ms(200)));
    assertThat(readTo(11)).isEqualTo(new ReadTo(ms(400)));
    assertThat(readTo(13)).isEqualTo(new ReadTo(Alignment.NONE_CATCHES_UP));
  }

  @Test
  void partitionThatWaitsIsNotSilent() {
    read(FAST, 400, 0);
    assertThat(align(200, 0)).containsExactly(FAST);

    assertThat(align(210, 3600)).as("it goes on waiting").containsExactly(FAST);
    assertThat(readTo(3600)).as("the others wait for it").isEqualTo(new ReadTo(ms(400)));
    assertThat(alignment.align(new Slowest(Alignment.NONE_CATCHES_UP, ms(NOW)), nanos(3601)))
        .as("nobody else reads")
        .isEmpty();
  }

  @Test
  void recordsWithoutATimestampDoNotCount() {
    read(SLOW, -1, 0);

    assertThat(readTo(0)).isEqualTo(new ReadTo(Alignment.NONE_CATCHES_UP));
  }

  @Test
  void partitionWhoseLagStaysHoldsNobody() {
    for (long second = 0; second <= 11; second++) {
      read(SLOW, 200, second);
      read(FAST, 240 + 60 * second, second);
      assertThat(align(200, second).contains(FAST)).as("at %s s", second).isTrue();
    }
    assertThat(readTo(11)).as("only the one that waits").isEqualTo(new ReadTo(ms(240 + 660)));
  }

  @Test
  void partitionThatReadsFasterAgainCountsAgain() {
    for (long second = 0; second <= 11; second++) {
      read(SLOW, 200, second);
      align(200, second);
    }
    assertThat(readTo(11)).isEqualTo(new ReadTo(Alignment.NONE_CATCHES_UP));

    for (long second = 12; second <= 23; second++) {
      read(SLOW, 200 + second, second);
      align(1000, second);
    }
    assertThat(readTo(23)).isEqualTo(new ReadTo(ms(223)));
  }

  @Test
  void recordWithAnOldTimestampDoesNotMoveAPartitionBack() {
    read(SLOW, 200, 0);
    read(SLOW, 0, 1);

    assertThat(readTo(1)).isEqualTo(new ReadTo(ms(200)));
  }
}
