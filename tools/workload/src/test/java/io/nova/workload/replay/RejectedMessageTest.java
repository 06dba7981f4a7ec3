package io.nova.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RejectedMessageTest {
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  private static ConsumerRecord<byte[], byte[]> record(
      String reason, String partition, String offset, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("reason", reason.getBytes(StandardCharsets.UTF_8));
    headers.add("topic", "events".getBytes(StandardCharsets.UTF_8));
    headers.add("partition", partition.getBytes(StandardCharsets.UTF_8));
    headers.add("offset", offset.getBytes(StandardCharsets.UTF_8));
    return new ConsumerRecord<>(
        "rejected",
        0,
        0,
        TEN.toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        value,
        headers,
        Optional.empty());
  }

  private static RejectedMessage refusal(String reason, byte[] value) {
    return RejectedMessage.of(record(reason, "3", "17", value)).orElseThrow();
  }

  @Test
  void recordSaysWhatWasRefusedWhereAndWhen() {
    RejectedMessage refusal = refusal("too_early", new byte[] {1});

    assertThat(refusal.reason()).isEqualTo("too_early");
    assertThat(refusal.topic()).isEqualTo("events");
    assertThat(refusal.partition()).isEqualTo(3);
    assertThat(refusal.offset()).isEqualTo(17);
    assertThat(refusal.at()).isEqualTo(TEN);
    assertThat(refusal.original()).containsExactly(1);
  }

  @Test
  void recordThatNamesNoPlaceIsNoRefusal() {
    assertThat(RejectedMessage.of(record("too_early", "3", "-1", null))).isEmpty();
    assertThat(RejectedMessage.of(record("too_early", "4294967296", "1", null))).isEmpty();
    assertThat(RejectedMessage.of(record("", "3", "1", null))).isEmpty();
  }

  @Test
  void selectionTakesReasonsAndAHalfOpenRangeOfTimes() {
    RejectedMessage refusal = refusal("too_early", null);

    assertThat(Selection.ALL.takes(refusal)).isTrue();
    assertThat(new Selection(Set.of("too_late"), Instant.MIN, Instant.MAX).takes(refusal))
        .isFalse();
    assertThat(new Selection(Set.of("too_early"), TEN, Instant.MAX).takes(refusal)).isTrue();
    assertThat(new Selection(Set.of(), Instant.MIN, TEN).takes(refusal)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Selection(Set.of(), TEN, TEN))
        .withMessageContaining("no time lies between");
  }

  @Test
  void sameBytesAreOneMessageAndNoValueIsAnotherThanNoBytes() {
    Distinct distinct = new Distinct();

    assertThat(distinct.add(refusal("not_json", new byte[] {1}))).isTrue();
    assertThat(distinct.add(refusal("unknown", new byte[] {1}))).isFalse();
    assertThat(distinct.add(refusal("not_json", new byte[] {1, 1}))).isTrue();
    assertThat(distinct.add(refusal("empty", new byte[0]))).isTrue();
    assertThat(distinct.add(refusal("null_value", null))).isTrue();
    assertThat(distinct.add(refusal("null_value", null))).isFalse();
  }

  @Test
  void messageWithoutAValueIsReplayedWithoutAValueToItsPartition() {
    assertThat(Replay.message(refusal("null_value", null)).value()).isNull();
    assertThat(Replay.message(refusal("null_value", null)).partition()).isEqualTo(3);
  }
}
