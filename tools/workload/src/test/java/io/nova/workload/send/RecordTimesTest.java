package io.nova.workload.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.Message;
import org.junit.jupiter.api.Test;

class RecordTimesTest {
  @Test
  void aReplayedRecordHasTheGreatestUploadTimeSoFar() {
    RecordTimes times = RecordTimes.replayed();

    assertThat(times.next(uploaded(Message.UNKNOWN_TIME))).isNull();
    assertThat(times.next(uploaded(7_000_999))).isEqualTo(7_000);
    assertThat(times.next(uploaded(5_000_000))).as("a copy").isEqualTo(7_000);
    assertThat(times.next(uploaded(Message.UNKNOWN_TIME))).isEqualTo(7_000);
    assertThat(times.next(uploaded(9_000_000))).isEqualTo(9_000);
  }

  @Test
  void anyOtherRecordHasTheTimeOfSending() {
    assertThat(RecordTimes.now().next(uploaded(7_000_000))).isNull();
  }

  private static Message uploaded(long micros) {
    return new Message(new byte[0], 0, micros);
  }
}
