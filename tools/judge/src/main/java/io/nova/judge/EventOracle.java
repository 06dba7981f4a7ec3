package io.nova.judge;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentReader;
import io.nova.judge.record.Times;
import io.nova.workload.input.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of the messages that were sent so far: a plain map from each identity to its copies.
 * It shares no code with the job and its queries. For one thread.
 *
 * <p>An answer is right if it has exactly one row for the copies within one dedup window. Which of
 * them it is depends on the order of arrival.
 */
public final class EventOracle {
  private static final int EXAMPLES = 5;

  private final SentReader reader = new SentReader(RecordMapping.AMPLITUDE);
  private final long blockMicros;
  private final long windowBlocks;
  private final long fromMicros;
  private final long toMicros;
  private final Map<Digest.Words, Set<EventRow>> copies = new HashMap<>();

  /**
   * An oracle without messages.
   *
   * @param blockInterval the job's block interval
   * @param dedupWindow the job's dedup window
   * @param from the least upload time of an event; what is earlier must be rejected
   * @param to the least upload time after all events; what is not earlier must be rejected
   */
  public EventOracle(Duration blockInterval, Duration dedupWindow, Instant from, Instant to) {
    this.blockMicros = blockInterval.toNanos() / 1_000;
    this.windowBlocks = JudgeRequest.windowBlocks(dedupWindow, blockInterval);
    this.fromMicros = micros(from);
    this.toMicros = micros(to);
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Adds a message that was sent. One that must be rejected is no event. */
  public void add(Message message) {
    Content content = reader.read(message.value()).content();
    if (content == null) {
      return;
    }
    EventRow event = EventRow.of(content);
    if (event.uploadMicros() >= fromMicros && event.uploadMicros() < toMicros) {
      copies.computeIfAbsent(event.identity(), id -> new HashSet<>()).add(event);
    }
  }

  /** Compares the rows of an answer, in any order, with the events of all messages so far. */
  public Comparison compare(List<EventRow> answer) {
    Map<Digest.Words, List<EventRow>> rows = new HashMap<>();
    answer.forEach(row -> rows.computeIfAbsent(row.identity(), id -> new ArrayList<>()).add(row));
    Differences found = new Differences();
    rows.forEach((identity, all) -> found.of(copies.getOrDefault(identity, Set.of()), all));
    copies.forEach(
        (identity, sent) -> {
          if (!rows.containsKey(identity)) {
            found.of(sent, List.of());
          }
        });
    return found.comparison(answer.size());
  }

  /** What is wrong, identity by identity. */
  private final class Differences {
    private final List<String> examples = new ArrayList<>();
    private long missing;
    private long extra;

    void of(Set<EventRow> sent, List<EventRow> rows) {
      List<EventRow> right = new ArrayList<>();
      for (EventRow row : rows) {
        if (!sent.contains(row) || isNear(row, right)) {
          extra++;
          note("extra", row);
        } else {
          right.add(row);
        }
      }
      for (EventRow copy : sent) {
        if (!isNear(copy, right)) {
          missing++;
          note("missing", copy);
          right.add(copy);
        }
      }
    }

    private boolean isNear(EventRow one, List<EventRow> others) {
      return others.stream().anyMatch(other -> Math.abs(block(one) - block(other)) <= windowBlocks);
    }

    private long block(EventRow row) {
      return Math.floorDiv(row.uploadMicros(), blockMicros);
    }

    private void note(String what, EventRow row) {
      if (examples.size() < EXAMPLES) {
        examples.add(
            "%s: %s of user %s, uploaded %s"
                .formatted(what, row.eventType(), row.user(), Times.text(row.uploadMicros())));
      }
    }

    Comparison comparison(long rows) {
      return new Comparison(rows - extra + missing, rows, missing, extra, examples);
    }
  }

  /**
   * The difference between an answer and the oracle.
   *
   * @param expected events that the answer must have
   * @param rows rows that it has
   * @param missing events without a row
   * @param extra rows without an event, and second rows of one event
   * @param examples a few of them in words
   */
  public record Comparison(
      long expected, long rows, long missing, long extra, List<String> examples) {
    /** Keeps a copy. */
    public Comparison {
      examples = List.copyOf(examples);
    }

    /** Whether the answer has every event exactly once, and nothing else. */
    public boolean holds() {
      return missing == 0 && extra == 0;
    }
  }
}
