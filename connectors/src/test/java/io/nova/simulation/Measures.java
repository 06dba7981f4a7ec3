package io.nova.simulation;

import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.TableRules;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sizes of one simulated world, drawn from its seed.
 *
 * @param rules the rules of admission
 * @param table the fixed rules of the table
 * @param partitions the number of the topic's partitions
 * @param messages the number of messages in the topic at the end
 * @param fillerBytes the most bytes of an event beside its identity
 * @param startMicros upload time of the first event
 * @param trackedFrom the upload time from which payloads are tracked, as by a policy that begins
 *     later
 * @param ledger whether the payloads of the app with keep-first are tracked, too
 */
record Measures(
    BlockRules rules,
    TableRules table,
    int partitions,
    int messages,
    int fillerBytes,
    long startMicros,
    long trackedFrom,
    boolean ledger) {
  static final Duration INTERVAL = Duration.ofMinutes(5);
  static final long INTERVAL_MICROS = INTERVAL.toSeconds() * 1_000_000;
  static final long MINUTE_MICROS = 60_000_000;

  private static final List<Duration> WINDOWS =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(3),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(12),
          Duration.ofMinutes(95));

  static Measures draw(long seed, int messages) {
    Random random = new Random(seed);
    Duration window = WINDOWS.get(random.nextInt(WINDOWS.size()));
    Duration larger = window.plus(Duration.ofMinutes(random.nextInt(30)));
    Duration latenessLimit = larger.plus(Duration.ofMinutes(random.nextInt(60)));
    Duration linger = Duration.ofMinutes(random.nextInt(15));
    TableRules table =
        new TableRules(
            1 + random.nextInt(4),
            INTERVAL,
            INTERVAL.multipliedBy(6 + random.nextInt(18)),
            FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));
    boolean before1970 = random.nextInt(5) == 0;
    long startMicros = before1970 ? -90 * MINUTE_MICROS : 1_763_700_000_000_000L;
    int fillerBytes = random.nextInt(20) == 0 ? 40_000 : 40;
    long trackedFrom =
        startMicros + random.nextInt(messages / 2) * MINUTE_MICROS - 30 * MINUTE_MICROS;
    return new Measures(
        new BlockRules(INTERVAL, window, larger, latenessLimit, linger),
        table,
        1 + random.nextInt(4),
        messages,
        fillerBytes,
        startMicros,
        trackedFrom,
        random.nextInt(3) > 0);
  }

  /** The same world with batches of some blocks. */
  Measures withBatchesOf(int blocks) {
    TableRules shorter =
        new TableRules(
            table.shards(), INTERVAL, INTERVAL.multipliedBy(blocks), table.fingerprintKey());
    return new Measures(
        rules, shorter, partitions, messages, fillerBytes, startMicros, trackedFrom, ledger);
  }

  /** The window of an app in blocks, computed independently of the code under test. */
  int windowBlocks(int app) {
    long seconds = (app == 1 ? rules.window() : rules.largestWindow()).toSeconds();
    return (int) ((seconds + INTERVAL.toSeconds() - 1) / INTERVAL.toSeconds());
  }

  /** Each of the three apps has a rule of its own. */
  ConflictRule rule(int app) {
    return switch (app) {
      case 1 -> ConflictRule.KEEP_FIRST;
      case 2 -> ConflictRule.KEEP_BOTH;
      default -> ConflictRule.REJECT;
    };
  }

  /** Whether the payload of an event is tracked. */
  boolean tracked(int app, long uploadMicros) {
    return uploadMicros >= trackedFrom && (ledger || rule(app) != ConflictRule.KEEP_FIRST);
  }

  /** The lateness limit in blocks, computed independently of the code under test. */
  int latenessLimitBlocks() {
    return (int)
        ((rules.latenessLimit().toSeconds() + INTERVAL.toSeconds() - 1) / INTERVAL.toSeconds());
  }

  /** The length of a batch in blocks. */
  long batchBlocks() {
    return table.batchLength().dividedBy(INTERVAL);
  }

  /** The batch of an upload time, computed independently of the code under test. */
  long batchOf(long uploadMicros) {
    return Math.floorDiv(uploadMicros, table.batchLength().toSeconds() * 1_000_000);
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
