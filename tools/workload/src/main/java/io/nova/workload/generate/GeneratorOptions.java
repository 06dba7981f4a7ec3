package io.nova.workload.generate;

import java.time.LocalDate;

/**
 * The options of a generated day. Equal options give equal bytes.
 *
 * @param seed any number
 * @param count number of messages, with re-sent copies and bad records
 * @param day the day (UTC) of the upload times
 * @param partitions number of partitions of the topic
 */
public record GeneratorOptions(long seed, long count, LocalDate day, int partitions) {
  /** Seed 1, 1,050,000 messages, 2026-03-02, four partitions. */
  public static final GeneratorOptions DEFAULTS =
      new GeneratorOptions(1, 1_050_000, LocalDate.of(2026, 3, 2), 4);

  /** Checks the numbers. */
  public GeneratorOptions {
    if (count < 0 || partitions < 1) {
      throw new IllegalArgumentException(
          "A generated day of %d messages on %d partitions: expected 0 or more, on 1 or more."
              .formatted(count, partitions));
    }
  }
}
