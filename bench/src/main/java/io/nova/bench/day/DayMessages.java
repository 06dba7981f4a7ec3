package io.nova.bench.day;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Messages of n events, evenly spread over a day or another span, in order of upload time. After
 * each hundredth event follows a copy of a random earlier one, on another partition.
 */
public final class DayMessages implements Messages {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final LocalDateTime START = LocalDateTime.of(2026, 3, 2, 0, 0);
  private static final int COPY_EVERY = 100;
  private static final int PARTITIONS = 4;

  private final long events;
  private final DayRecord record;
  private final Duration span;

  public DayMessages(long events, DayRecord record) {
    this(events, record, Duration.ofDays(1));
  }

  /** Events that are spread over this span of upload time. */
  DayMessages(long events, DayRecord record, Duration span) {
    this.events = events;
    this.record = record;
    this.span = span;
  }

  @Override
  public String name() {
    return events + " events of " + span;
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(events + copies());
  }

  /** Number of events. */
  long events() {
    return events;
  }

  /** Number of copies. */
  long copies() {
    return events / COPY_EVERY;
  }

  @Override
  public MessageCursor open() {
    return new Cursor();
  }

  private Message event(long number, int partition) {
    String upload = TIME.format(START.plusNanos(number * (span.toNanos() / events)));
    return new Message(
        record.text(number, upload).getBytes(UTF_8), partition, Message.UNKNOWN_TIME);
  }

  private final class Cursor implements MessageCursor {
    private final SplittableRandom random = new SplittableRandom(20);
    private long next;
    private boolean copyIsNext;

    @Override
    public boolean hasNext() {
      return next < events || copyIsNext;
    }

    @Override
    public Message next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (copyIsNext) {
        copyIsNext = false;
        return event(random.nextLong(next), random.nextInt(PARTITIONS));
      }
      Message message = event(next, (int) (next % PARTITIONS));
      next++;
      copyIsNext = next % COPY_EVERY == 0;
      return message;
    }

    @Override
    public void close() {}
  }
}
