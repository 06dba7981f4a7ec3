package io.nova.iceberg;

import io.nova.event.identity.FingerprintKey;
import java.time.Duration;
import java.util.Map;

/**
 * The rules that are fixed when a table is created. They are stored as table properties and are the
 * same in every job that writes the table.
 *
 * @param shards number of shards, which is the job's maximum parallelism
 * @param blockInterval length of a block in upload time, in whole milliseconds
 * @param batchLength length of a batch in upload time, a multiple of the block interval
 * @param fingerprintKey the key of the table's fingerprints
 */
public record TableRules(
    int shards, Duration blockInterval, Duration batchLength, FingerprintKey fingerprintKey) {
  static final String VERSION = "nova.format-version";
  static final String CURRENT_VERSION = "1";
  static final String SHARDS = "nova.shards";
  static final String BLOCK_INTERVAL_MS = "nova.block.interval-ms";
  static final String BATCH_LENGTH_MS = "nova.batch.length-ms";
  static final String FINGERPRINT_KEY = "nova.fingerprint-key";

  public TableRules {
    if (shards < 1 || shards > 32768) {
      throw new IllegalArgumentException(
          "Number of shards " + shards + ": expected 1 to 32768, Flink's maximum parallelism");
    }
    if (!isWholeMillis(blockInterval) || blockInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Block interval %s: expected at least one millisecond, and whole milliseconds"
              .formatted(blockInterval));
    }
    if (!isWholeMillis(batchLength)
        || batchLength.isZero()
        || batchLength.isNegative()
        || batchLength.toMillis() % blockInterval.toMillis() != 0) {
      throw new IllegalArgumentException(
          "Batch length %s: expected a multiple of the block interval, %s"
              .formatted(batchLength, blockInterval));
    }
  }

  private static boolean isWholeMillis(Duration length) {
    return length.toNanosPart() % 1_000_000 == 0;
  }

  /**
   * Reads the rules from a table's properties.
   *
   * @throws IllegalStateException if a property is missing or the format version is another one
   */
  static TableRules of(String table, Map<String, String> properties) {
    String version = properties.get(VERSION);
    if (!CURRENT_VERSION.equals(version)) {
      throw new IllegalStateException(
          ("Table %s: property %s is %s, expected %s. It is not Nova's, or a newer Nova "
                  + "wrote it. Nothing is changed.")
              .formatted(table, VERSION, version, CURRENT_VERSION));
    }
    return new TableRules(
        Integer.parseInt(property(table, properties, SHARDS)),
        Duration.ofMillis(Long.parseLong(property(table, properties, BLOCK_INTERVAL_MS))),
        Duration.ofMillis(Long.parseLong(property(table, properties, BATCH_LENGTH_MS))),
        FingerprintKey.ofHex(property(table, properties, FINGERPRINT_KEY)));
  }

  private static String property(String table, Map<String, String> properties, String name) {
    String value = properties.get(name);
    if (value == null) {
      throw new IllegalStateException(
          ("Table %s: property %s is missing. Set it to its value at the table's creation. "
                  + "Nothing is changed.")
              .formatted(table, name));
    }
    return value;
  }

  Map<String, String> asProperties() {
    return Map.of(
        VERSION, CURRENT_VERSION,
        SHARDS, Integer.toString(shards),
        BLOCK_INTERVAL_MS, Long.toString(blockInterval.toMillis()),
        BATCH_LENGTH_MS, Long.toString(batchLength.toMillis()),
        FINGERPRINT_KEY, fingerprintKey.hex());
  }

  /** The first microsecond of a block interval, which is counted since 1970. */
  public long startMicros(long interval) {
    return Math.multiplyExact(interval, blockInterval.toMillis() * 1000);
  }

  /** The first microsecond of the block interval that contains an upload time. */
  public long intervalStartMicros(long uploadMicros) {
    return uploadMicros - Math.floorMod(uploadMicros, blockInterval.toMillis() * 1000);
  }

  /** The number of the batch that contains an upload time, in microseconds since 1970. */
  public long batchOf(long uploadMicros) {
    return Math.floorDiv(uploadMicros, batchLength.toMillis() * 1000);
  }

  /** Fails unless a job with these options may write the table. */
  void mustMatch(String table, TableRules asked) {
    check(table, "shards", shards, asked.shards);
    check(table, "block interval", blockInterval, asked.blockInterval);
    check(table, "batch length", batchLength, asked.batchLength);
  }

  private static void check(String table, String what, Object found, Object asked) {
    if (!found.equals(asked)) {
      throw new IllegalArgumentException(
          ("Table %s was created with %s %s, the options say %s. It cannot change: set the "
                  + "option to %s or use another warehouse.")
              .formatted(table, what, found, asked, found));
    }
  }
}
