package io.nova.bench.event;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * One stream of events that is sent in parts, each at its own pace. For one thread, except {@link
 * #given} and {@link #end}.
 */
public final class EventStream {
  private static final long ENDLESS = 1_000_000_000;

  private final long first;
  private final Duration step;
  private final MessageCursor cursor;
  private volatile long given;
  private volatile boolean ended;

  /** A stream whose events have this upload time from one to the next. */
  public EventStream(Duration step) {
    this(0, step);
  }

  /** A stream that begins with the event of this number. */
  public EventStream(long first, Duration step) {
    this.first = first;
    this.step = step;
    this.cursor = new BenchEvents(ENDLESS, first, step).open();
  }

  /** A stream whose upload times begin where these messages end. */
  public static EventStream after(BenchEvents sent, Duration step) {
    Duration from = sent.step().multipliedBy(sent.first() + sent.events());
    return new EventStream(from.dividedBy(step) + 1, step);
  }

  /** The next messages. A part ends early at the {@link #end} of the stream. */
  public Messages next(long messages) {
    return new Part(messages);
  }

  /** All following messages, until the {@link #end} of the stream. */
  public Messages rest() {
    return new Part(ENDLESS);
  }

  /** Ends the stream after the message that is being sent. */
  public void end() {
    ended = true;
  }

  /** Messages that were taken to be sent. */
  public long given() {
    return given;
  }

  /** The messages that were taken, to judge what became of them. */
  public BenchEvents sent() {
    return new BenchEvents(given, first, step);
  }

  private final class Part implements Messages {
    private final long messages;

    Part(long messages) {
      this.messages = messages;
    }

    @Override
    public String name() {
      return "a part of a stream of events";
    }

    @Override
    public OptionalLong count() {
      return OptionalLong.empty();
    }

    @Override
    public MessageCursor open() {
      long end = given + messages;
      return new MessageCursor() {
        @Override
        public boolean hasNext() {
          return !ended && given < end;
        }

        @Override
        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        public Message next() {
          Message message = cursor.next();
          given++;
          return message;
        }

        @Override
        public void close() {}
      };
    }
  }
}
