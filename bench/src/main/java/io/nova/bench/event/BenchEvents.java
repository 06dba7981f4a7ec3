package io.nova.bench.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Messages of events on four partitions, in order of upload time. Each tenth message is a copy of
 * an event of the last five minutes of upload time, on any partition.
 *
 * @param messages number of messages, with the copies
 * @param first number of the first event. Events with other numbers are other events.
 * @param step upload time from one event to the next
 */
public record BenchEvents(long messages, long first, Duration step) implements Messages {
  /** Partitions of the topic. */
  public static final int PARTITIONS = 4;

  /** A day of upload time. */
  public static final Duration SPAN = Duration.ofDays(1);

  private static final int COPY_EVERY = 10;
  private static final Duration REACH = Duration.ofMinutes(5);
  private static final long START_MICROS =
      LocalDateTime.of(2026, 3, 2, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000;

  /** Checks the numbers. */
  public BenchEvents {
    if (messages < 1 || first < 0 || stepMicros(step) < 1) {
      throw new IllegalArgumentException(
          "%d messages from number %d, one in %s: expected 1 or more, 0 or more, 1 us or more."
              .formatted(messages, first, step));
    }
  }

  /** So many messages, spread over {@link #SPAN}. */
  public static BenchEvents ofADay(long messages) {
    return new BenchEvents(messages, 0, SPAN.dividedBy(messages - messages / COPY_EVERY));
  }

  /** Number of events, without copies. */
  public long events() {
    return messages - copies();
  }

  /** Number of copies. */
  public long copies() {
    return messages / COPY_EVERY;
  }

  @Override
  public String name() {
    return "%,d events and %,d copies".formatted(events(), copies());
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(messages);
  }

  private static long stepMicros(Duration step) {
    return step.toNanos() / 1000;
  }

  /** Upload time of an event in microseconds since 1970. */
  private long uploadMicros(long number) {
    return START_MICROS + number * stepMicros(step);
  }

  /** The upload time of an event in microseconds, as SQL over its number. */
  String uploadSql(String number) {
    return "%d + %s * %d".formatted(START_MICROS, number, stepMicros(step));
  }

  @Override
  public MessageCursor open() {
    return new Cursor();
  }

  private final class Cursor implements MessageCursor {
    private final SplittableRandom random = new SplittableRandom(first);
    private final long reach = Math.max(1, REACH.dividedBy(step));
    private final StringBuilder text = new StringBuilder(1024);
    private long given;
    private long next = first;

    @Override
    public boolean hasNext() {
      return given < messages;
    }

    @Override
    public Message next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      given++;
      return given % COPY_EVERY == 0 ? copy() : message(next, (int) (next++ % PARTITIONS));
    }

    private Message copy() {
      long back = random.nextLong(Math.min(reach, next - first));
      return message(next - 1 - back, random.nextInt(PARTITIONS));
    }

    private Message message(long number, int partition) {
      text.setLength(0);
      long upload = uploadMicros(number);
      BenchEvent.write(text, number, upload, uploadMicros(number / 512 * 512) / 1000);
      return new Message(text.toString().getBytes(UTF_8), partition, upload);
    }

    @Override
    public void close() {}
  }
}
