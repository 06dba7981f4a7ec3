package io.nova.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nova.workload.topic.RejectedMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReplayTest {
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

  private static RejectedMessage rejected(String reason, byte[] value) {
    return RejectedMessage.of(record(reason, "3", "17", value));
  }

  @Test
  void recordSaysWhatWasRejectedWhereAndWhen() {
    RejectedMessage message = rejected("too_early", new byte[] {1});

    assertThat(message.reason()).isEqualTo("too_early");
    assertThat(message.topic()).isEqualTo("events");
    assertThat(message.partition()).isEqualTo(3);
    assertThat(message.offset()).isEqualTo(17);
    assertThat(message.at()).isEqualTo(TEN);
    assertThat(message.value()).containsExactly(1);
  }

  @Test
  void elementIsReplayedWithItsEnvelope() {
    ConsumerRecord<byte[], byte[]> record = record("too_late", "3", "17", new byte[] {1});
    record.headers().add("index", "2".getBytes(StandardCharsets.UTF_8));
    record.headers().add("nova-element", new byte[] {7});
    RejectedMessage element = RejectedMessage.of(record);

    assertThat(element.index()).isEqualTo(2);
    assertThat(element.position()).isEqualTo("events/3@17.2");
    assertThat(RejectedMessages.message(element).envelope()).containsExactly(7);
    SeenMessages seen = new SeenMessages();
    assertThat(seen.add(element)).isTrue();
    assertThat(seen.add(element)).isFalse();
    assertThat(seen.add(rejected("too_late", new byte[] {1}))).as("a whole message").isTrue();
  }

  @Test
  void recordWithoutReasonOrPositionIsNotReplayed() {
    assertThat(Replay.isReadable(RejectedMessage.of(record("too_early", "3", "-1", null))))
        .isFalse();
    assertThat(Replay.isReadable(RejectedMessage.of(record("too_early", "4294967296", "1", null))))
        .isFalse();
    assertThat(Replay.isReadable(RejectedMessage.of(record("", "3", "1", null)))).isFalse();
  }

  /** A null value would be another message. */
  @Test
  void recordThatTheTopicDidNotTakeWholeIsNotReplayed() {
    ConsumerRecord<byte[], byte[]> record = record("too_late", "3", "17", null);
    assertThat(Replay.isReadable(RejectedMessage.of(record))).isTrue();

    record.headers().add("truncated", "99920".getBytes(StandardCharsets.UTF_8));
    assertThat(Replay.isReadable(RejectedMessage.of(record))).isFalse();
  }

  @Test
  void selectionTakesReasonsAndAHalfOpenRangeOfTimes() {
    RejectedMessage message = rejected("too_early", null);

    assertThat(RejectedSelection.ALL.includes(message)).isTrue();
    assertThat(
            new RejectedSelection(Set.of("too_late"), Instant.MIN, Instant.MAX).includes(message))
        .isFalse();
    assertThat(new RejectedSelection(Set.of("too_early"), TEN, Instant.MAX).includes(message))
        .isTrue();
    assertThat(new RejectedSelection(Set.of(), Instant.MIN, TEN).includes(message)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RejectedSelection(Set.of(), TEN, TEN))
        .withMessageContaining("no time lies between");
  }

  @Test
  void sameBytesAreOneMessageAndNoValueIsAnotherThanNoBytes() {
    SeenMessages seen = new SeenMessages();

    assertThat(seen.add(rejected("not_json", new byte[] {1}))).isTrue();
    assertThat(seen.add(rejected("unknown", new byte[] {1}))).isFalse();
    assertThat(seen.add(rejected("not_json", new byte[] {1, 1}))).isTrue();
    assertThat(seen.add(rejected("empty", new byte[0]))).isTrue();
    assertThat(seen.add(rejected("null_value", null))).isTrue();
    assertThat(seen.add(rejected("null_value", null))).isFalse();
  }

  @Test
  void messageWithoutAValueIsReplayedWithoutAValueToItsPartition() {
    assertThat(RejectedMessages.message(rejected("null_value", null)).value()).isNull();
    assertThat(RejectedMessages.message(rejected("null_value", null)).partition()).isEqualTo(3);
  }
}
