package io.nova.workload.generate;

import java.time.LocalDate;

/**
 * The options of a generated day, or of several in a row. Equal options give equal bytes.
 *
 * @param seed any number
 * @param count number of messages of all days, with re-sent copies and bad records
 * @param day the first day (UTC) of the upload times
 * @param days number of days; visits, copies and retries cross the midnights between them
 * @param partitions number of partitions of the topic
 */
public record GeneratorOptions(long seed, long count, LocalDate day, int days, int partitions) {
  /** Seed 1, 1,050,000 messages, 2026-03-02, four partitions. */
  public static final GeneratorOptions DEFAULTS =
      new GeneratorOptions(1, 1_050_000, LocalDate.of(2026, 3, 2), 1, 4);

  /** Checks the numbers. */
  public GeneratorOptions {
    if (count < 0 || days < 1 || partitions < 1) {
      throw new IllegalArgumentException(
          "%d messages of %d generated days on %d partitions: expected 0 or more, 1 or more, 1 or more."
              .formatted(count, days, partitions));
    }
  }

  /** One day of this many messages. */
  public static GeneratorOptions day(long seed, long count, LocalDate day, int partitions) {
    return new GeneratorOptions(seed, count, day, 1, partitions);
  }
}
