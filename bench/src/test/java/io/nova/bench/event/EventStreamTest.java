package io.nova.bench.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final Duration STEP = Duration.ofMillis(1);

  private final EventStream stream = new EventStream(STEP);

  @Test
  void partsOfAStreamAreTheMessagesThatItSent() {
    List<byte[]> parts = read(stream.next(70));
    parts.addAll(read(stream.next(30)));

    assertThat(stream.given()).isEqualTo(100);
    assertThat(stream.sent()).isEqualTo(new BenchEvents(100, 0, STEP));
    assertThat(parts).usingRecursiveComparison().isEqualTo(read(stream.sent()));
  }

  @Test
  void endOfTheStreamEndsItsPart() {
    MessageCursor rest = stream.rest().open();
    rest.next();

    stream.end();

    assertThat(rest.hasNext()).isFalse();
    assertThat(stream.sent().messages()).isEqualTo(1);
  }

  private static List<byte[]> read(Messages messages) {
    List<byte[]> values = new ArrayList<>();
    try (MessageCursor cursor = messages.open()) {
      while (cursor.hasNext()) {
        Message message = cursor.next();
        values.add(message.value());
      }
    }
    return values;
  }
}
