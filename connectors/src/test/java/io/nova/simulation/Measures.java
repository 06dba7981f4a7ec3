package io.nova.simulation;

import io.nova.block.BlockRules;
import io.nova.event.FingerprintKey;
import io.nova.table.TableRules;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sizes of one simulated world, drawn from its seed.
 *
 * @param rules of admission
 * @param table what the table is born with
 * @param partitions how many the topic has
 * @param messages how many the topic holds in the end
 * @param fillerBytes the most that an event carries beside its identity
 * @param startMicros upload time of the first event
 */
record Measures(
    BlockRules rules,
    TableRules table,
    int partitions,
    int messages,
    int fillerBytes,
    long startMicros) {
  static final Duration INTERVAL = Duration.ofMinutes(5);
  static final long INTERVAL_MICROS = INTERVAL.toSeconds() * 1_000_000;
  static final long MINUTE_MICROS = 60_000_000;

  private static final List<Duration> WINDOWS =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(3),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(12));

  static Measures draw(long seed, int messages) {
    Random random = new Random(seed);
    Duration window = WINDOWS.get(random.nextInt(WINDOWS.size()));
    Duration horizon = window.plus(Duration.ofMinutes(random.nextInt(60)));
    TableRules table =
        new TableRules(
            1 + random.nextInt(4),
            INTERVAL,
            INTERVAL.multipliedBy(6 + random.nextInt(18)),
            FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));
    boolean before1970 = random.nextInt(5) == 0;
    return new Measures(
        new BlockRules(INTERVAL, window, horizon),
        table,
        1 + random.nextInt(4),
        messages,
        random.nextInt(20) == 0 ? 40_000 : 40,
        before1970 ? -90 * MINUTE_MICROS : 1_763_700_000_000_000L);
  }

  /** Blocks that the window reaches, worked out apart from the code under test. */
  int windowBlocks() {
    return (int) ((rules.window().toSeconds() + INTERVAL.toSeconds() - 1) / INTERVAL.toSeconds());
  }

  /** Blocks that the horizon reaches, worked out apart from the code under test. */
  int horizonBlocks() {
    return (int) ((rules.horizon().toSeconds() + INTERVAL.toSeconds() - 1) / INTERVAL.toSeconds());
  }

  static long intervalOf(long uploadMicros) {
    return Math.floorDiv(uploadMicros, INTERVAL_MICROS);
  }

  Set<Integer> everyPartition() {
    Set<Integer> all = new TreeSet<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(partition);
    }
    return all;
  }
}
