package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.lifecycle.HandoffBacklog;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BacklogAlarmTest {
  private static final Duration LENGTH = Duration.ofDays(1);
  private static final HandoffBacklog TWO = new HandoffBacklog(2, 20_778, 0);

  private static List<String> after(Duration age, HandoffBacklog backlog, OptionalLong diskDays) {
    return new BacklogAlarm(backlog, diskDays, LENGTH).warnings(age.toMillis());
  }

  @Test
  void aBatchThatWaitsForTwoBatchLengthsIsNamed() {
    assertThat(after(Duration.ofDays(2), TWO, OptionalLong.empty())).isEmpty();
    assertThat(after(Duration.ofHours(49), TWO, OptionalLong.empty()))
        .singleElement()
        .asString()
        .startsWith(
            "Batch 2026-11-21 was closed 49 hours ago and is not completed, and 2 batches wait");
    assertThat(after(Duration.ofHours(49), HandoffBacklog.NONE, OptionalLong.empty())).isEmpty();
  }

  @Test
  void aDiskThatLastsForLessThanThreeDaysIsAWarning() {
    assertThat(after(Duration.ZERO, TWO, OptionalLong.of(3))).isEmpty();
    assertThat(after(Duration.ZERO, TWO, OptionalLong.of(2)))
        .containsExactly(
            "The disk of the table lasts for 2 more days at the size of the last closed batch.");
  }
}
