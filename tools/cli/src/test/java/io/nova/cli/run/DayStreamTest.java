package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.FirstMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DayStreamTest {
  private static final ReplayedDays DAYS = new ReplayedDays(2, 8_000, 1, 4, Pace.UNPACED);

  @Test
  void aPartEndsWhenEveryPartitionHasPassedTheTime() {
    Instant end = DAYS.end(1).plus(Duration.ofMinutes(30));
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, end);
    List<Message> witnessed = new ArrayList<>();
    try (DayStream stream = new DayStream(DAYS.messages(), 4, witnessed::add)) {
      List<Message> part = read(stream.until(end));

      assertThat(newestByPartition(part)).allMatch(newest -> newest >= micros);
      assertThat(newestByPartition(part.subList(0, part.size() - 1)))
          .anyMatch(newest -> newest < micros);
      assertThat(witnessed).isEqualTo(part);
      assertThat(stream.read()).isEqualTo(part.size());
    }
  }

  @Test
  void thePartsTogetherAreTheBeginningOfTheMessages() {
    List<Message> parts = new ArrayList<>();
    long read;
    try (DayStream stream = new DayStream(DAYS.messages(), 4, message -> {})) {
      parts.addAll(read(stream.until(DAYS.end(1))));
      parts.addAll(read(stream.until(DAYS.end(2))));
      read = stream.read();
    }
    List<Message> again = read(new FirstMessages(DAYS.messages(), read));

    assertThat(again).hasSameSizeAs(parts);
    for (int i = 0; i < parts.size(); i++) {
      assertThat(again.get(i).value()).isEqualTo(parts.get(i).value());
    }
  }

  @Test
  void noFirstCopyArrivesAfterItsBatchMayHaveClosed() {
    long end = ChronoUnit.MICROS.between(Instant.EPOCH, DAYS.end(1));
    List<Message> before;
    List<Message> after;
    try (DayStream stream = new DayStream(DAYS.messages(), 4, message -> {})) {
      before = read(stream.until(DAYS.end(1).plus(Duration.ofMinutes(30))));
      after = read(stream.until(DAYS.end(2)));
    }
    Set<ByteBuffer> known =
        before.stream()
            .map(Message::value)
            .filter(Objects::nonNull)
            .map(ByteBuffer::wrap)
            .collect(Collectors.toSet());
    List<ByteBuffer> late =
        after.stream()
            .filter(message -> message.uploadMicros() != Message.UNKNOWN_TIME)
            .filter(message -> message.uploadMicros() < end)
            .map(message -> ByteBuffer.wrap(message.value()))
            .toList();

    assertThat(late).isNotEmpty();
    assertThat(known).containsAll(late);
  }

  private static List<Long> newestByPartition(List<Message> messages) {
    return LongStream.range(0, 4)
        .mapToObj(
            partition ->
                messages.stream()
                    .filter(message -> message.partition() == partition)
                    .mapToLong(Message::uploadMicros)
                    .max()
                    .orElseThrow())
        .toList();
  }

  private static List<Message> read(Messages messages) {
    List<Message> read = new ArrayList<>();
    try (MessageCursor cursor = messages.open()) {
      cursor.forEachRemaining(read::add);
    }
    return read;
  }
}
