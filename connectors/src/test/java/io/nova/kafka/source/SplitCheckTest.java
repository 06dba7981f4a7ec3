package io.nova.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class SplitCheckTest {
  private static final Uuid ID = new Uuid(1, 2);

  private static TopicState topic(long start, long end) {
    return new TopicState(ID, Map.of(0, 0L, 3, start), Map.of(0, 0L, 3, end));
  }

  private static KafkaPartitionSplit at(long offset) {
    return new TopicSplit(new TopicPartition("events", 3), offset, ID);
  }

  private static long checked(String accepted, KafkaPartitionSplit split, TopicState now) {
    return new SplitCheck("events", AcceptedGaps.parse(accepted))
        .checked(List.of(split), now)
        .get(0)
        .getStartingOffset();
  }

  private static void assertThatFails(String accepted, KafkaPartitionSplit split, String message) {
    assertThatExceptionOfType(UnreadableTopicException.class)
        .isThrownBy(() -> checked(accepted, split, topic(111, 200)))
        .withMessageContaining(message)
        .satisfies(
            e ->
                assertThat(
                        ThrowableClassifier.findThrowableOfThrowableType(
                            new IllegalStateException(e), ThrowableType.NonRecoverableError))
                    .as("a restart would find the same")
                    .isPresent());
  }

  @Test
  void anOffsetThatTheLogStillHasIsReadFrom() {
    assertThat(checked("", at(111), topic(111, 200))).isEqualTo(111);
    assertThat(checked("", at(200), topic(200, 200))).isEqualTo(200);
  }

  @Test
  void aGapFailsAndNamesWhatToGiveUp() {
    assertThatFails("", at(100), "--nova.kafka.accept-gap 3:100-111");
  }

  @Test
  void aGapThatIsGivenUpIsPassed() {
    assertThat(checked("3:100-111", at(100), topic(111, 200))).isEqualTo(111);
    assertThat(checked("0:5-6, 3:50-500", at(100), topic(111, 200))).isEqualTo(111);
  }

  @Test
  void aGapThatSeveralRangesCoverIsPassed() {
    assertThat(checked("3:105-111,3:100-105", at(100), topic(111, 200))).isEqualTo(111);
    assertThat(checked("3:50-108,3:60-70,3:104-500", at(100), topic(111, 200))).isEqualTo(111);
    assertThatFails("3:100-105,3:106-111", at(100), "3:100-111");
    assertThatFails("3:100-105,2:105-111", at(100), "3:100-111");
  }

  @Test
  void aGapThatIsGivenUpInPartFails() {
    assertThatFails("3:100-110", at(100), "3:100-111");
    assertThatFails("3:101-111", at(100), "3:100-111");
    assertThatFails("2:100-111", at(100), "3:100-111");
  }

  @Test
  void aRangeThatIsGivenUpButStillThereIsRead() {
    assertThat(checked("3:100-111", at(100), topic(40, 200))).isEqualTo(100);
  }

  /** Its first records came while the job was stopped. */
  @Test
  void aPartitionWithoutAnOffsetIsReadFromItsFirstRecord() {
    KafkaPartitionSplit added =
        new KafkaPartitionSplit(
            new TopicPartition("events", 3), KafkaPartitionSplit.EARLIEST_OFFSET);

    assertThat(checked("", added, topic(0, 200))).isZero();
    assertThatFails("", added, "3:0-111");
  }

  @Test
  void aTopicThatWasCreatedAgainFails() {
    KafkaPartitionSplit other =
        new TopicSplit(new TopicPartition("events", 3), 150, new Uuid(7, 7));

    assertThatFails("", other, "deleted and created again");
    assertThatFails("3:0-999", other, "deleted and created again");
  }

  /** A broker that is behind may say so for a while, so the job starts over. */
  @Test
  void anOffsetAfterTheEndFailsAndMayBeTriedAgain() {
    assertThatIllegalStateException()
        .isThrownBy(() -> checked("", at(201), topic(111, 200)))
        .isNotInstanceOf(UnreadableTopicException.class)
        .withMessageContaining("partition 3 ends at offset 200, and the state goes on at 201");
  }

  @Test
  void aStateOfAnotherTopicFails() {
    assertThatFails(
        "", new TopicSplit(new TopicPartition("old", 3), 150, ID), "goes on in topic old");
  }

  @Test
  void aPartitionThatTheTopicHasNotFails() {
    assertThatFails(
        "", new TopicSplit(new TopicPartition("events", 9), 1, ID), "the state goes on in 9");
  }

  @Test
  void rangesAreReadAsTheyAreWritten() {
    assertThat(AcceptedGaps.parse(" 3:100-111 , 5:7-9 ")).hasToString("3:100-111,5:7-9");
    assertThat(AcceptedGaps.parse(" ")).isEqualTo(AcceptedGaps.NONE);
    for (String wrong : List.of("3", "3:1", "3:1-1", "3:2-1", "a:1-2", "3:1-2,", "3:-1-2")) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .as(wrong)
          .isThrownBy(() -> AcceptedGaps.parse(wrong));
    }
  }
}
