package io.nova.job.options;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.nova.kafka.PolicyRules;
import io.nova.kafka.WatchedPolicies;
import io.nova.policy.Policy;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/**
 * The options of the job, parsed once and checked before it starts. The same names serve on the
 * command line ({@code --nova.warehouse X}) and in a properties file ({@code --config FILE}).
 */
public final class NovaOptions {
  static final String PREFIX = "nova.";
  static final String KAFKA_PREFIX = "nova.kafka.property.";

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      key("nova.kafka.bootstrap-servers")
          .stringType()
          .noDefaultValue()
          .withDescription("Kafka brokers, host:port, separated by commas. Required.");
  static final ConfigOption<String> TOPIC =
      key("nova.kafka.topic")
          .stringType()
          .defaultValue("events")
          .withDescription("Topic that events are read from. It must exist.");
  public static final ConfigOption<String> REJECTED_TOPIC =
      key("nova.kafka.rejected-topic")
          .stringType()
          .defaultValue("rejected")
          .withDescription(
              "Topic that refused messages are written to, with their reason. It must exist and"
                  + " take messages as large as the events' topic does.");
  public static final ConfigOption<String> DUPLICATES_TOPIC =
      key("nova.kafka.duplicates-topic")
          .stringType()
          .defaultValue("duplicates")
          .withDescription(
              "Topic that the ledger is written to. It must exist where the ledger is on.");
  public static final ConfigOption<String> GROUP =
      key("nova.kafka.group-id")
          .stringType()
          .defaultValue("nova")
          .withDescription(
              "Consumer group under which progress is shown to Kafka's tools. Nova itself goes by"
                  + " the offsets in its checkpoints.");
  public static final ConfigOption<String> MAPPING =
      key("nova.mapping")
          .stringType()
          .defaultValue("amplitude")
          .withDescription(
              "How the producer's records are read: amplitude, github, segment, snowplow, or a"
                  + " mapping file on the disk of whoever submits the job. A row keeps what it was"
                  + " read as; another mapping than before may find other identities.");
  public static final ConfigOption<String> WAREHOUSE =
      key("nova.warehouse")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the Iceberg warehouse: file:///... or hdfs://... The table is"
                  + " WAREHOUSE/nova/events. Required.");
  public static final ConfigOption<Integer> SHARDS =
      key("nova.shards")
          .intType()
          .defaultValue(128)
          .withDescription(
              "Number of shards, which is the greatest parallelism. 1 to 32768; fixed when the"
                  + " table is born.");
  public static final ConfigOption<Duration> BLOCK_INTERVAL =
      key("nova.block.interval")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.interval())
          .withDescription("Upload time that a block covers. Fixed when the table is born.");
  static final ConfigOption<Duration> BLOCK_LINGER =
      key("nova.block.linger")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.linger())
          .withDescription(
              "How long, in upload time, a block stays open behind its end, and a late part of one"
                  + " behind its opening. Decides nothing about what is admitted.");
  static final ConfigOption<Duration> DEDUP_WINDOW =
      key("nova.dedup.window")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.window())
          .withDescription(
              "Dedup window: an event is a duplicate if an admitted copy lies at most this far away"
                  + " in upload time, rounded up to whole blocks. At most the lateness limit.");
  static final ConfigOption<Duration> LARGEST_WINDOW =
      key("nova.dedup.largest-window")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "Largest dedup window that a policy may give while the job runs: fingerprints stay for"
                  + " the lateness limit and this. By default the largest that nova.dedup.window and the"
                  + " policy file give when the job starts.");
  static final ConfigOption<Duration> LATENESS_LIMIT =
      key("nova.event.lateness-limit")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.latenessLimit())
          .withDescription(
              "How far below the slowest partition an event may lie and still be admitted; older"
                  + " ones are rejected as too_late. At most 7 days.");
  static final ConfigOption<Duration> STATE_TTL =
      key("nova.dedup.state-ttl")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "Backstop, on the machines' clocks, after which forgotten fingerprints leave the"
                  + " state. What asks for them later is rejected as unknown, never guessed. By"
                  + " default 7 days, or lateness limit and largest window and 3 days if that is longer.");
  static final ConfigOption<Integer> COLD_CACHE_MB =
      key("nova.dedup.cache-mb")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Heap of one subtask for fingerprints of sealed blocks that were read lately, in MB.");
  static final ConfigOption<MemorySize> MEMORY_BUDGET =
      key("nova.memory.budget")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Heap of one subtask for open blocks and fingerprints, the cache among it. From 80 % of"
                  + " it on rows leave the heap (they are in RocksDB); where that is not enough"
                  + " blocks are sealed before their time; and where that is not enough intake slows"
                  + " down. At least twice nova.dedup.cache-mb. About 7 bytes for each event"
                  + " within lateness limit and window, 50 for each of the last 15 minutes.");
  static final ConfigOption<String> POLICY_FILE =
      key("nova.policy.file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Path or URI of a file with identity fields, dedup window and what another payload"
                  + " means, for each app (docs/policies.md). It must be readable for every"
                  + " TaskManager. Followed without a restart; a broken one changes nothing.");
  static final ConfigOption<Duration> POLICY_CHECK_INTERVAL =
      key("nova.policy.check-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("Time between two looks at the policy file.");
  static final ConfigOption<Boolean> LEDGER =
      key("nova.ledger")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether every dropped duplicate is written to the duplicates topic, with its first copy."
                  + " A record is written within two seconds. Takes some 17 bytes of state an event"
                  + " more.");
  public static final ConfigOption<Duration> TOO_FAR_AHEAD =
      key("nova.event.too-far-ahead")
          .durationType()
          .defaultValue(Duration.ofMinutes(5))
          .withDescription(
              "How far an upload time may lie ahead of its Kafka record's own timestamp; further"
                  + " ones are rejected as too_early and move nothing.");
  public static final ConfigOption<Duration> IDLE_TIMEOUT =
      key("nova.partition.idle-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Silence after which a partition no longer holds back eviction. Decides nothing about"
                  + " what is admitted. 0 turns it off.");
  static final ConfigOption<String> RETIRED =
      key("nova.partition.retired")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Partitions that will never get an event again, separated by commas: they no longer"
                  + " hold back what is too late. An empty or dead partition that is not retired"
                  + " keeps fingerprints in state until the backstop.");
  public static final ConfigOption<Duration> BATCH_LENGTH =
      key("nova.batch.length")
          .durationType()
          .defaultValue(Duration.ofDays(1))
          .withDescription(
              "Upload time that a batch covers, a multiple of the block interval. Fixed when the"
                  + " table is born.");
  static final ConfigOption<Integer> CHUNK_BLOCK_FILES =
      key("nova.chunk.block-files")
          .intType()
          .defaultValue(8)
          .withDescription("How many block files of one batch are merged into a chunk. 1 to 1000.");
  static final ConfigOption<Duration> CHUNK_MAX_WAIT =
      key("nova.chunk.max-wait")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "Upload time that a block file waits for others before it is merged with fewer.");
  static final ConfigOption<Integer> CHUNK_SORT_MB =
      key("nova.chunk.sort-mb")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Rows that are sorted together when a chunk is written, in MB of one subtask's heap;"
                  + " two to three times as much is used.");
  public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      key("nova.checkpoint.interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("Time between checkpoints, which are exactly-once and aligned.");
  static final ConfigOption<Boolean> LIVE =
      key("nova.live")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether each subtask serves what it holds in memory to queries. Without it, SQL reads"
                  + " what was committed only.");
  static final ConfigOption<String> LIVE_PORTS =
      key("nova.live.ports")
          .stringType()
          .defaultValue("0")
          .withDescription(
              "Ports of the live views on each TaskManager: a range such as 47100-47199, of which"
                  + " each subtask takes the first free one, or 0 for any. They listen on the address"
                  + " that the TaskManager has in the cluster.");
  static final ConfigOption<String> LIVE_TOKEN =
      key("nova.live.token")
          .stringType()
          .defaultValue("")
          .withDescription(
              "What a query must show to read live views. By default each subtask draws one at its"
                  + " start and writes it into its announcement in the table's folder: who can read"
                  + " the table can read its live views. Flink's web page shows command lines; prefer"
                  + " the file.");
  static final ConfigOption<String> LIVE_TOKEN_FILE =
      key("nova.live.token-file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "File with that token, on the disk of whoever submits the job. Blanks around it do not"
                  + " count.");
  static final ConfigOption<Duration> LIVE_PUBLISH_INTERVAL =
      key("nova.live.publish-interval")
          .durationType()
          .defaultValue(Duration.ofMillis(100))
          .withDescription(
              "How often a subtask renews its live view, at least 10 ms. An admitted event is in live"
                  + " answers after this long at most.");
  static final ConfigOption<Integer> LIVE_MAX_CONNECTIONS =
      key("nova.live.max-connections")
          .intType()
          .defaultValue(256)
          .withDescription(
              "Connections that a subtask's live server takes at a time, 1 to 10000; further ones are"
                  + " told so.");

  /** All of them, in the order of the README's table. */
  static final List<ConfigOption<?>> ALL =
      List.of(
          BOOTSTRAP_SERVERS,
          TOPIC,
          REJECTED_TOPIC,
          DUPLICATES_TOPIC,
          GROUP,
          MAPPING,
          WAREHOUSE,
          SHARDS,
          BLOCK_INTERVAL,
          BLOCK_LINGER,
          DEDUP_WINDOW,
          LARGEST_WINDOW,
          LATENESS_LIMIT,
          STATE_TTL,
          COLD_CACHE_MB,
          MEMORY_BUDGET,
          POLICY_FILE,
          POLICY_CHECK_INTERVAL,
          LEDGER,
          TOO_FAR_AHEAD,
          IDLE_TIMEOUT,
          RETIRED,
          BATCH_LENGTH,
          CHUNK_BLOCK_FILES,
          CHUNK_MAX_WAIT,
          CHUNK_SORT_MB,
          CHECKPOINT_INTERVAL,
          LIVE,
          LIVE_PORTS,
          LIVE_TOKEN,
          LIVE_TOKEN_FILE,
          LIVE_PUBLISH_INTERVAL,
          LIVE_MAX_CONNECTIONS);

  private final Configuration values;

  private NovaOptions(Configuration values) {
    this.values = values;
  }

  /**
   * Checks options by name.
   *
   * @throws IllegalArgumentException which names the option, what was found and what was expected
   */
  public static NovaOptions of(Map<String, String> given) {
    Set<String> names = ALL.stream().map(ConfigOption::key).collect(Collectors.toSet());
    for (String name : given.keySet()) {
      if (name.startsWith(PREFIX) && !name.startsWith(KAFKA_PREFIX) && !names.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown option %s; there are %s".formatted(name, new TreeSet<>(names)));
      }
    }
    NovaOptions options = new NovaOptions(Configuration.fromMap(given));
    new OptionChecks(options, options.values).check();
    return options;
  }

  /** The value of an option that has a default or has been checked to be given. */
  public <T> T get(ConfigOption<T> option) {
    return values.get(option);
  }

  /** The measures of admission for a table of this block interval. */
  public BlockRules blockRules(Duration interval) {
    return new BlockRules(
        interval,
        get(DEDUP_WINDOW),
        policies().largestWindow(),
        get(LATENESS_LIMIT),
        get(BLOCK_LINGER));
  }

  /** How long fingerprints stay on the machines' clocks at least. */
  public Duration stateTtl() {
    Duration asked = get(LATENESS_LIMIT).plus(policies().largestWindow()).plusDays(3);
    Duration least = Duration.ofDays(7);
    return values.getOptional(STATE_TTL).orElse(asked.compareTo(least) > 0 ? asked : least);
  }

  /**
   * Where the policies come from. The file is read to find the largest window, and so checked.
   *
   * @throws IllegalArgumentException where the file is broken, or asks for too large a window
   */
  public PolicyRules policies() {
    Policy base = new Policy(List.of(), get(DEDUP_WINDOW), ConflictRule.KEEP_FIRST);
    String file = get(POLICY_FILE).isBlank() ? "" : uri(get(POLICY_FILE));
    Duration latenessLimit = get(LATENESS_LIMIT);
    PolicyRules upToLimit = new PolicyRules(file, base, latenessLimit, get(POLICY_CHECK_INTERVAL));
    Duration now = new WatchedPolicies(upToLimit).largestWindow();
    Duration largest = values.getOptional(LARGEST_WINDOW).orElse(now);
    if (largest.compareTo(now) < 0 || largest.compareTo(latenessLimit) > 0) {
      throw new IllegalArgumentException(
          ("%s: found %s, expected %s, which options and policy file ask for, to the "
                  + "lateness limit, %s")
              .formatted(LARGEST_WINDOW.key(), largest, now, latenessLimit));
    }
    return new PolicyRules(file, base, largest, get(POLICY_CHECK_INTERVAL));
  }

  /** A path without a scheme is one of this machine. */
  private static String uri(String file) {
    return new org.apache.hadoop.fs.Path(file).toUri().getScheme() == null
        ? Path.of(file).toAbsolutePath().toUri().toString()
        : file;
  }

  /** Partitions that are dead. */
  public Set<Integer> retiredPartitions() {
    String text = get(RETIRED).strip();
    try {
      return text.isEmpty()
          ? Set.of()
          : List.of(text.split("\\s*,\\s*")).stream()
              .map(Integer::valueOf)
              .collect(Collectors.toUnmodifiableSet());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: found \"%s\", expected partition numbers like 3,7".formatted(RETIRED.key(), text),
          e);
    }
  }

  /** Settings that are handed to Kafka's clients as they are. */
  public Map<String, String> kafkaProperties() {
    Map<String, String> properties = new TreeMap<>();
    values
        .toMap()
        .forEach(
            (name, value) -> {
              if (name.startsWith(KAFKA_PREFIX)) {
                properties.put(name.substring(KAFKA_PREFIX.length()), value);
              }
            });
    return properties;
  }
}
