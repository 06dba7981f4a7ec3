package io.nova.sql.table;

import io.nova.live.cut.Completeness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The options of the table {@code events}. The catalog sets an option for all queries. A hint such
 * as {@code OPTIONS('read' = 'committed')} sets it for one.
 */
public final class ReadOptions {
  /** Live or committed read. */
  static final ConfigOption<ReadMode> READ =
      ConfigOptions.key("read")
          .enumType(ReadMode.class)
          .defaultValue(ReadMode.LIVE)
          .withDescription(
              "live: the query reads the table and the job's live views, each event once. committed:"
                  + " it reads the table alone, which may lag by some minutes. Committed reads go"
                  + " back only if an older savepoint is restored.");

  /** The reaction to key groups that do not answer. */
  static final ConfigOption<Completeness> COMPLETENESS =
      ConfigOptions.key("completeness")
          .enumType(Completeness.class)
          .defaultValue(Completeness.STRICT)
          .withDescription(
              "Reaction of a live query to key groups that do not answer within live.wait. strict: the"
                  + " query fails and names them. available: the query answers without them. It"
                  + " reports them in the log, the metric keyGroupsMissing and the column"
                  + " read_token.");

  /** The time for retries of a live query. */
  static final ConfigOption<Duration> LIVE_WAIT =
      ConfigOptions.key("live.wait")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Time for which a live query retries until every key group has answered. A job does not"
                  + " answer for some seconds while it restarts. 0 s: no retry.");

  /** The token of the live servers. */
  public static final ConfigOption<String> LIVE_TOKEN =
      ConfigOptions.key("live.token")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Token that the job's live servers expect. Same value as the job's nova.live.token. Not"
                  + " needed if the job has no such option.");

  /** A file with the token of the live servers. */
  static final ConfigOption<String> LIVE_TOKEN_FILE =
      ConfigOptions.key("live.token-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "File with the token, on the disk of the process that plans the query: the SQL client or"
                  + " gateway. Leading and trailing blanks are ignored.");

  /** Bounded or following query. */
  static final ConfigOption<ScanMode> SCAN_MODE =
      ConfigOptions.key("scan.mode")
          .enumType(ScanMode.class)
          .defaultValue(ScanMode.SNAPSHOT)
          .withDescription(
              "snapshot: the query reads the events that exist at its start, and ends. follow, in"
                  + " streaming mode only: it continues with every later event, each once. It never"
                  + " retracts a row. It therefore shows an event after the job's next checkpoint or,"
                  + " with 'read' = 'committed', after the commit.");

  /** The time between two polls. */
  static final ConfigOption<Duration> CHECK_INTERVAL =
      ConfigOptions.key("scan.check-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription(
              "Time between two polls for new events of a query with 'scan.mode' = 'follow'.");

  /** Whether the scan aggregates. */
  static final ConfigOption<Boolean> AGGREGATES =
      ConfigOptions.key("scan.aggregates")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether the scan of a batch query aggregates in Flink's place: counts of rows and columns,"
                  + " sums, minima and maxima, in groups of columns. EXPLAIN shows them in the"
                  + " TableSourceScan. Off by default, since Flink 2.3 cannot plan some other"
                  + " queries of a table that offers this: those that only count, and count more"
                  + " expressions than they read columns.");

  /** A snapshot to read instead of the one that is current when the query starts. */
  static final ConfigOption<Long> SNAPSHOT_ID =
      ConfigOptions.key("snapshot-id")
          .longType()
          .noDefaultValue()
          .withDescription(
              "Id of the Iceberg snapshot to read, as a hint. The query reads this snapshot alone,"
                  + " regardless of 'read'. It reads all of its rows, those of completed batches"
                  + " too.");

  /** A read token whose snapshot is read again. */
  static final ConfigOption<String> AS_OF =
      ConfigOptions.key("as-of")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Value of the column read_token of an earlier query, as a hint. The query reads the same"
                  + " snapshot again, without the batches that were completed then and without live"
                  + " views.");

  /** A pinned cut to read. */
  static final ConfigOption<String> LIVE_CUT =
      ConfigOptions.key("live.cut")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Id of a cut that the console has pinned, as a hint. The query reads exactly the rows of"
                  + " that cut: its snapshot, its completed batch, its live views and its sealed"
                  + " blocks. It fails if the cut is lost, since a TaskManager or a lease has ended.");

  /** Options of both catalog and table. The catalog's values are the table's defaults. */
  public static final List<ConfigOption<?>> SHARED =
      List.of(
          READ, COMPLETENESS, LIVE_WAIT, LIVE_TOKEN_FILE, SCAN_MODE, CHECK_INTERVAL, AGGREGATES);

  private ReadOptions() {}

  /** All options of the table. */
  static Set<ConfigOption<?>> ofTable() {
    return Stream.concat(SHARED.stream(), Stream.of(LIVE_TOKEN, SNAPSHOT_ID, AS_OF, LIVE_CUT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The options of a catalog that its tables inherit. The token is not among them, since every user
   * may see the options of a table.
   */
  public static Map<String, String> defaults(Map<String, String> ofCatalog) {
    Set<String> keys = SHARED.stream().map(ConfigOption::key).collect(Collectors.toSet());
    return ofCatalog.entrySet().stream()
        .filter(option -> keys.contains(option.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
