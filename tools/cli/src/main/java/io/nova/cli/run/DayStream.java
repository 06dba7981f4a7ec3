package io.nova.cli.run;

import io.nova.workload.input.LookAhead;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the order of their arrival, in parts. A part ends when every partition has passed a
 * time. For one thread at a time.
 */
final class DayStream implements AutoCloseable {
  private final MessageCursor all;
  private final long[] progressMicros;
  private final Consumer<Message> witness;
  private long read;

  /**
   * A stream at its first message.
   *
   * @param partitions the number of partitions that have messages
   * @param witness receives each message that a part gives out
   */
  DayStream(Messages messages, int partitions, Consumer<Message> witness) {
    this.all = messages.open();
    this.progressMicros = new long[partitions];
    this.witness = witness;
  }

  /** The messages up to the one with which every partition has passed a time. Opened once. */
  Messages until(Instant time) {
    return new Part(time);
  }

  /** The number of messages that all parts together have given out. */
  long read() {
    return read;
  }

  @Override
  public void close() {
    all.close();
  }

  private @Nullable Message next(long micros) {
    if (haveAllPassed(micros) || !all.hasNext()) {
      return null;
    }
    Message message = all.next();
    read++;
    if (message.uploadMicros() != Message.UNKNOWN_TIME) {
      progressMicros[message.partition()] =
          Math.max(progressMicros[message.partition()], message.uploadMicros());
    }
    witness.accept(message);
    return message;
  }

  private boolean haveAllPassed(long micros) {
    for (long progress : progressMicros) {
      if (progress < micros) {
        return false;
      }
    }
    return true;
  }

  /** One part; its count is known only when it was read. */
  private final class Part implements Messages {
    private final Instant end;

    Part(Instant end) {
      this.end = end;
    }

    @Override
    public String name() {
      return "messages up to " + end;
    }

    @Override
    public OptionalLong count() {
      return OptionalLong.empty();
    }

    @Override
    public MessageCursor open() {
      return new PartCursor(ChronoUnit.MICROS.between(Instant.EPOCH, end));
    }
  }

  /** Closing it leaves the stream open for the next part. */
  private final class PartCursor extends LookAhead<Message> implements MessageCursor {
    private final long micros;

    PartCursor(long micros) {
      this.micros = micros;
    }

    @Override
    protected @Nullable Message read() {
      return DayStream.this.next(micros);
    }
  }
}
