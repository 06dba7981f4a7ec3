package io.nova.cli.run;

import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The days of a replay: UTC days in a row, one batch each, and the morning after the last of them.
 *
 * @param count the number of days whose batches are handed off
 * @param messagesADay messages of a day, with copies and bad records
 * @param seed of the generated messages
 * @param partitions of the events topic
 * @param pace how fast messages are sent
 */
public record ReplayedDays(int count, long messagesADay, long seed, int partitions, Pace pace) {
  /** The most days: each takes about a minute. */
  public static final int MOST = 7;

  /** Messages of a day, unless the user gives another number. */
  public static final long MESSAGES = 20_000;

  /** With fewer messages a partition may have none for hours. */
  public static final long LEAST_MESSAGES = 4_000;

  private static final LocalDate FIRST = GeneratorOptions.DEFAULTS.day();

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one of them is too small or too large
   */
  public ReplayedDays {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "--days: found %d, expected 1 to %d. Nothing was done.".formatted(count, MOST));
    }
    if (messagesADay < LEAST_MESSAGES) {
      throw new IllegalArgumentException(
          "--count: found %,d messages a day, expected %,d or more with --days. Nothing was done."
              .formatted(messagesADay, LEAST_MESSAGES));
    }
  }

  /**
   * Checks that all days are over.
   *
   * @throws IllegalArgumentException if the machine's time is earlier: their batches would not
   *     close
   */
  public void mustBeOver(Instant now) {
    if (now.isBefore(end(count))) {
      throw new IllegalArgumentException(
          "--days: this machine's time is %s, and the generated days end at %s. A batch does not close before its end. Nothing was done."
              .formatted(now, end(count)));
    }
  }

  /** A day, from 1. */
  public LocalDate day(int number) {
    return FIRST.plusDays(number - 1L);
  }

  /** The batch of a day, from 1. */
  public long batch(int number) {
    return day(number).toEpochDay();
  }

  /** The begin of the first day. */
  public Instant begin() {
    return FIRST.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The end of a day, from 1. */
  public Instant end(int number) {
    return begin().plus(Duration.ofDays(number));
  }

  /** The messages of all days and of the next one. */
  public Messages messages() {
    return new GeneratedMessages(
        new GeneratorOptions(seed, messagesADay * (count + 1), FIRST, count + 1, partitions));
  }
}
