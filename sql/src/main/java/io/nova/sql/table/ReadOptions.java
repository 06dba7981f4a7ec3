package io.nova.sql.table;

import io.nova.sql.live.Completeness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * How {@code events} is read. Each is an option of the catalog, for all queries, or of the table,
 * for one, by a hint such as {@code OPTIONS('read' = 'committed')}.
 */
public final class ReadOptions {
  static final ConfigOption<ReadMode> READ =
      ConfigOptions.key("read")
          .enumType(ReadMode.class)
          .defaultValue(ReadMode.LIVE)
          .withDescription(
              "live: the table and what the job holds in memory, each event once. committed: the"
                  + " table alone, which may be some minutes behind and never goes back.");

  static final ConfigOption<Completeness> COMPLETENESS =
      ConfigOptions.key("completeness")
          .enumType(Completeness.class)
          .defaultValue(Completeness.STRICT)
          .withDescription(
              "What a live query does where key groups do not answer within live.wait. strict: it"
                  + " fails and names them. available: it answers without them, and says so in the"
                  + " log, in the metric keyGroupsMissing and in the column read_token.");

  static final ConfigOption<Duration> LIVE_WAIT =
      ConfigOptions.key("live.wait")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "How long a live query tries to get an answer of every key group: a job that restarts"
                  + " is away for some seconds. 0 s for a single try.");

  public static final ConfigOption<String> LIVE_TOKEN =
      ConfigOptions.key("live.token")
          .stringType()
          .defaultValue("")
          .withDescription(
              "What the job's live servers want to hear; the same as its nova.live.token. Left out"
                  + " where the job was given none.");

  static final ConfigOption<String> LIVE_TOKEN_FILE =
      ConfigOptions.key("live.token-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "File that holds the token, on the disk of whoever plans the query (the SQL client or"
                  + " gateway); blanks around it do not count.");

  static final ConfigOption<ScanMode> SCAN_MODE =
      ConfigOptions.key("scan.mode")
          .enumType(ScanMode.class)
          .defaultValue(ScanMode.SNAPSHOT)
          .withDescription(
              "snapshot: the query reads what is there when it starts, and ends. follow, in"
                  + " streaming mode only: it goes on with every event that is admitted later, each"
                  + " once. Since it takes nothing back, it shows an event as soon as a checkpoint"
                  + " of the job holds it, and where 'read' is committed, once it is committed.");

  static final ConfigOption<Duration> CHECK_INTERVAL =
      ConfigOptions.key("scan.check-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription("Time between two looks of a query that follows.");

  /** A snapshot to read instead of the one that is current when the query starts. */
  static final ConfigOption<Long> SNAPSHOT_ID =
      ConfigOptions.key("snapshot-id")
          .longType()
          .noDefaultValue()
          .withDescription(
              "Id of the Iceberg snapshot to read, as a hint. The snapshot alone is read, whatever"
                  + " 'read' says.");

  /** A read token whose committed part is read again. */
  static final ConfigOption<String> AS_OF =
      ConfigOptions.key("as-of")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "What the column read_token of an earlier query said, as a hint: the snapshot that it"
                  + " read is read again. What it read of memory is not repeated.");

  /** Options of the catalog and of its table alike; the catalog's are the table's defaults. */
  public static final List<ConfigOption<?>> SHARED =
      List.of(READ, COMPLETENESS, LIVE_WAIT, LIVE_TOKEN_FILE, SCAN_MODE, CHECK_INTERVAL);

  private ReadOptions() {}

  /** All options of the table. */
  static Set<ConfigOption<?>> ofTable() {
    return Stream.concat(SHARED.stream(), Stream.of(LIVE_TOKEN, SNAPSHOT_ID, AS_OF))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Those of a catalog's options that its table takes over. The token is none of them: everybody
   * may see a table's options.
   */
  public static Map<String, String> defaults(Map<String, String> ofCatalog) {
    Set<String> keys = SHARED.stream().map(ConfigOption::key).collect(Collectors.toSet());
    return ofCatalog.entrySet().stream()
        .filter(option -> keys.contains(option.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
