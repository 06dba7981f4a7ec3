package io.nova.job.options;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.nova.shard.BlockRules;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Declarations of the job's options: name, type, default and meaning. {@link CheckedOptions} holds
 * their values.
 *
 * <p>The same names are valid on the command line ({@code --nova.warehouse X}) and in a properties
 * file ({@code --config FILE}). The description of an option is shown to users and is the source of
 * docs/reference/job-options.md. It gives the meaning, the unit where the type has none, and the
 * bounds. The default is in the declaration; the description gives it only where it is computed.
 */
public final class NovaOptions {
  static final String PREFIX = "nova.";

  /** Options with this prefix go to Kafka's clients, without the prefix. */
  static final String KAFKA_PREFIX = "nova.kafka.property.";

  /** Options with this prefix go to Iceberg's catalog, without the prefix. */
  static final String CATALOG_PREFIX = "nova.catalog.";

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      key("nova.kafka.bootstrap-servers")
          .stringType()
          .noDefaultValue()
          .withDescription("Kafka brokers as host:port, separated by commas. Required.");
  static final ConfigOption<String> TOPIC =
      key("nova.kafka.topic")
          .stringType()
          .defaultValue("events")
          .withDescription("Topic that the job reads events from. It must exist.");
  public static final ConfigOption<String> REJECTED_TOPIC =
      key("nova.kafka.rejected-topic")
          .stringType()
          .defaultValue("rejected")
          .withDescription(
              "Topic for rejected messages, each with its reason. It must exist. Its"
                  + " max.message.bytes should be 16 KB larger than that of the events' topic. A"
                  + " message that it does not take is written without its value.");
  public static final ConfigOption<String> DUPLICATES_TOPIC =
      key("nova.kafka.duplicates-topic")
          .stringType()
          .defaultValue("duplicates")
          .withDescription(
              "Topic for the ledger of dropped duplicates. It must exist if nova.ledger is"
                  + " true.");
  public static final ConfigOption<String> BATCHES_TOPIC =
      key("nova.kafka.batches-topic")
          .stringType()
          .defaultValue("batches")
          .withDescription(
              "Topic for requests to close, complete or withdraw a batch, and for the job's answers."
                  + " It must exist, with one partition, cleanup.policy=delete, retention.ms=-1 and"
                  + " retention.bytes=-1.");
  public static final ConfigOption<String> GROUP =
      key("nova.kafka.group-id")
          .stringType()
          .defaultValue("nova")
          .withDescription(
              "Consumer group under which Kafka's tools show the job's progress. After a"
                  + " restore the job reads from the offsets in its checkpoint, not from those of"
                  + " the group.");
  static final ConfigOption<String> CLIENT_CONFIG =
      key("nova.kafka.client-config")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Properties file with settings of Kafka's clients, such as security.protocol and"
                  + " sasl.jaas.config, on the machine that submits the job. An option with the"
                  + " prefix nova.kafka.property. overrides it.");
  static final ConfigOption<String> ACCEPT_GAP =
      key("nova.kafka.accept-gap")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Offsets that the topic no longer has and that the job may go on without, as"
                  + " PARTITION:FROM-TO, separated by commas. TO is the first offset after them."
                  + " The job names the ranges when it cannot go on. The table's history keeps"
                  + " what was given up. Empty: the job ends at any gap.");
  public static final ConfigOption<String> MAPPING =
      key("nova.mapping")
          .stringType()
          .defaultValue("amplitude")
          .withDescription(
              "Form of the producer's records: the name of a mapping that comes with Nova"
                  + " (docs/guides/producers.md), such as amplitude or segment, or the path of a"
                  + " mapping file on the machine that submits the job."
                  + " Rows that are stored already keep their values. A changed mapping can give"
                  + " the same event another identity.");
  static final ConfigOption<String> VALUE_FORMAT =
      key("nova.value.format")
          .stringType()
          .defaultValue("json")
          .withDescription(
              "Format of the messages' values: json, avro or protobuf. A record of Avro or Protobuf"
                  + " is written as JSON, and the mapping reads that (docs/guides/formats.md).");
  static final ConfigOption<String> VALUE_SCHEMA_FILE =
      key("nova.value.schema-file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "File with the Avro schema of all messages, on the machine that submits the job."
                  + " Messages have no header then. Not together with nova.registry.url.");
  static final ConfigOption<String> REGISTRY_URL =
      key("nova.registry.url")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Schema registry with Confluent's REST API, such as https://registry:8081. Every"
                  + " message begins with the id of its schema. Required for protobuf, and for avro"
                  + " without nova.value.schema-file. While it does not answer, the source waits.");
  static final ConfigOption<String> REGISTRY_AUTH_FILE =
      key("nova.registry.auth-file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "File with the value of the HTTP header Authorization for the registry, such as Basic"
                  + " or Bearer and a secret, on the machine that submits the job. White space"
                  + " around it is ignored. Empty: no header.");
  public static final ConfigOption<String> WAREHOUSE =
      key("nova.warehouse")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the Iceberg warehouse: file:///... or hdfs://... The table is"
                  + " WAREHOUSE/nova/events. With a REST catalog it is the name that the server has"
                  + " for the warehouse, and the server chooses the table's folder. Required.");
  static final ConfigOption<String> CATALOG_TYPE =
      key("nova.catalog.type")
          .stringType()
          .defaultValue("hadoop")
          .withDescription(
              "Kind of the catalog that registers the table: hadoop, rest, jdbc, hive or glue."
                  + " hadoop needs HDFS or a local disk (docs/operations/catalogs.md).");
  static final ConfigOption<String> CATALOG_IMPL =
      key("nova.catalog.impl")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Class of another Iceberg catalog. Not together with nova.catalog.type.");
  static final ConfigOption<String> CATALOG_PROPERTIES_FILE =
      key("nova.catalog.properties-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Properties file with more settings of the catalog, by Iceberg's names, on the machine"
                  + " that submits the job. The place for passwords and tokens: other users of the"
                  + " machine can see a command line.");
  public static final ConfigOption<Integer> SHARDS =
      key("nova.shards")
          .intType()
          .defaultValue(128)
          .withDescription(
              "Number of shards, and so the greatest possible parallelism. 1 to 32768."
                  + " Fixed when the table is created.");
  public static final ConfigOption<Duration> BLOCK_INTERVAL =
      key("nova.block.interval")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.interval())
          .withDescription(
              "Upload time that one block covers. At least 1 s. Fixed when the table is"
                  + " created.");
  static final ConfigOption<Duration> BLOCK_LINGER =
      key("nova.block.linger")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.linger())
          .withDescription(
              "Upload time for which a block stays open after its end. A late part stays"
                  + " open for this long after its first event. The block is also sealed when"
                  + " nova.block.interval and this are over by the machine's clock. Has no effect on"
                  + " what is admitted.");
  static final ConfigOption<Duration> DEDUP_WINDOW =
      key("nova.dedup.window")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.window())
          .withDescription(
              "Dedup window: an event is a duplicate if an admitted copy lies at most this"
                  + " far away in upload time. Rounded up to whole blocks; the distance is counted in"
                  + " blocks. At most nova.event.lateness-limit.");
  static final ConfigOption<Duration> LARGEST_WINDOW =
      key("nova.dedup.largest-window")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "Largest dedup window that a policy may set while the job runs. Fingerprints"
                  + " stay in state for the lateness limit plus this. At most"
                  + " nova.event.lateness-limit. Default: the largest window of nova.dedup.window"
                  + " and the policy file when the job starts.");
  static final ConfigOption<Duration> LATENESS_LIMIT =
      key("nova.event.lateness-limit")
          .durationType()
          .defaultValue(BlockRules.DEFAULT.latenessLimit())
          .withDescription(
              "How far below the progress of its partition an event may lie in upload time. Older"
                  + " events are rejected as too_late. At least nova.dedup.window, at most 7 days.");
  static final ConfigOption<Duration> STATE_TTL =
      key("nova.dedup.state-ttl")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "Time on the machines' clocks after which state drops fingerprints that"
                  + " nothing removed. An event that needs a dropped fingerprint is rejected as"
                  + " unknown. Default: 7 days, or lateness limit plus largest window plus 3 days"
                  + " if that is longer.");
  static final ConfigOption<MemorySize> CACHE_SIZE =
      key("nova.dedup.cache-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(32))
          .withDescription(
              "Heap of one subtask for recently read fingerprints of sealed blocks. At"
                  + " least 1 mb, at most half of nova.memory.budget.");
  static final ConfigOption<MemorySize> MEMORY_BUDGET =
      key("nova.memory.budget")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Heap of one subtask for open blocks and fingerprints, including"
                  + " nova.dedup.cache-size. From 80 % on, rows leave the heap; RocksDB has them."
                  + " If that is not enough, blocks are sealed early, and at last intake slows"
                  + " down. At least twice nova.dedup.cache-size. Plan 7 bytes for each event"
                  + " within lateness limit plus window, and 50 for each event of the last 15"
                  + " minutes.");
  static final ConfigOption<String> POLICY_FILE =
      key("nova.policy.file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Path or URI of the policy file: identity fields, dedup window and conflict"
                  + " rule for each app (docs/guides/deduplication.md). Every TaskManager must be"
                  + " able to read it. The job follows changes without a restart. A broken file"
                  + " changes nothing. Empty: no policies.");
  static final ConfigOption<Duration> POLICY_CHECK_INTERVAL =
      key("nova.policy.check-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Time between two checks of the policy file for changes. At least 100 ms.");
  static final ConfigOption<Boolean> LEDGER =
      key("nova.ledger")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether the job writes every dropped duplicate to the duplicates topic within two"
                  + " seconds. Costs about 16 bytes of state an event.");
  static final ConfigOption<String> ADMITTED_TOPIC =
      key("nova.admitted.topic")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Topic to which the job writes the original bytes of every admitted event. It must"
                  + " exist. Its max.message.bytes should be 16 KB larger than that of the events'"
                  + " topic. A message that it does not take is written with an empty value. Empty:"
                  + " no such topic.");
  static final ConfigOption<String> ADMITTED_DELIVERY =
      key("nova.admitted.delivery")
          .stringType()
          .defaultValue(DeliveryGuarantee.AT_LEAST_ONCE.toString())
          .withDescription(
              "at-least-once: a record may repeat after a failure, under the same key."
                  + " exactly-once: each checkpoint is a transaction of Kafka, and consumers with"
                  + " isolation.level=read_committed see each record once, after its checkpoint.");
  static final ConfigOption<Duration> ADMITTED_TRANSACTION_TIMEOUT =
      key("nova.admitted.transaction-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription(
              "Time after which the brokers abort a transaction of the admitted topic. A crash of the"
                  + " job that lasts longer can lose records from that topic. At least four times"
                  + " nova.checkpoint.interval, at most the brokers' transaction.max.timeout.ms. Used"
                  + " with exactly-once.");
  public static final ConfigOption<Duration> TOO_FAR_AHEAD =
      key("nova.event.too-far-ahead")
          .durationType()
          .defaultValue(Duration.ofMinutes(5))
          .withDescription(
              "How far an upload time may lie ahead of the Kafka record's own timestamp."
                  + " Later ones are rejected as too_early and do not advance progress.");
  public static final ConfigOption<Duration> IDLE_TIMEOUT =
      key("nova.partition.idle-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Silence after which a partition no longer delays the sealing of blocks. Has"
                  + " no effect on what is admitted. 0 turns it off.");
  public static final ConfigOption<Duration> MAX_DRIFT =
      key("nova.partition.max-drift")
          .durationType()
          .defaultValue(Duration.ofMinutes(30))
          .withDescription(
              "How far a partition may be ahead of the slowest one while a backlog is read, in time"
                  + " of their Kafka records. It bounds the blocks that are open at once. A partition"
                  + " with records younger than this never waits. 0 turns it off.");
  static final ConfigOption<String> PROGRESS_NOT_AFTER =
      key("nova.progress.not-after")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Undoes a step that progress has taken after a wrong server clock. While it is set,"
                  + " the progress of no partition is after this upload time, such as"
                  + " 2026-11-21T10:00:00Z. Remove it when the wrong events have been read."
                  + " Empty: no bound.");
  static final ConfigOption<String> RETIRED =
      key("nova.partition.retired")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Numbers of partitions that will never receive an event again, separated by"
                  + " commas. They no longer count for the slowest partition. An empty or dead"
                  + " partition that is not retired keeps fingerprints in state until"
                  + " nova.dedup.state-ttl.");
  public static final ConfigOption<Duration> BATCH_LENGTH =
      key("nova.batch.length")
          .durationType()
          .defaultValue(Duration.ofDays(1))
          .withDescription(
              "Upload time that one batch covers, a multiple of nova.block.interval. Fixed"
                  + " when the table is created.");
  static final ConfigOption<Duration> CLOSE_DELAY =
      key("nova.batch.close-delay")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "A batch closes without a request when every partition has passed its end by this"
                  + " much upload time. New events of a closed batch are rejected as batch_closed.");
  static final ConfigOption<Duration> GRACE =
      key("nova.batch.grace")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription(
              "Time after which the files of a completed batch leave the table. Until then the"
                  + " completion can be withdrawn.");
  static final ConfigOption<Boolean> REQUIRE_AUDIT =
      key("nova.batch.require-audit")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a batch completes only if the batch layer's number of rows and digest equal"
                  + " those of the closed batch.");
  static final ConfigOption<String> ACCEPT_BATCHES_TOPIC =
      key("nova.batches.accept-topic")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Kafka's id of a topic for batches that was created again. The job names the id when"
                  + " it cannot start, and with this option it reads that topic from its beginning."
                  + " Empty: the job does not start on another topic.");
  static final ConfigOption<MemorySize> CHUNK_TARGET_SIZE =
      key("nova.chunk.target-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(128))
          .withDescription(
              "Size of the files of one batch that are merged into one chunk. The chunk is smaller than"
                  + " these files. 256 small files are merged in any case. A chunk of files with less"
                  + " than half of this size is merged again, at the end of its batch at the latest."
                  + " 1 kb to 4 gb.");
  static final ConfigOption<Duration> CHUNK_MAX_WAIT =
      key("nova.chunk.max-wait")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "Time after which block files are merged although they are smaller than"
                  + " nova.chunk.target-size. A restart of the job begins it anew.");
  static final ConfigOption<MemorySize> CHUNK_SORT_SIZE =
      key("nova.chunk.sort-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(32))
          .withDescription(
              "Size of the rows that a subtask sorts together when it writes a chunk. The"
                  + " heap in use is two to three times as large. 1 mb to 512 mb.");
  public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      key("nova.checkpoint.interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Time between two checkpoints. Checkpoints are exactly-once and aligned. At"
                  + " least 100 ms.");
  static final ConfigOption<Duration> COMMIT_INTERVAL =
      key("nova.commit.interval")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "Least time between two commits of the table. A commit that closes a batch does not"
                  + " wait. 0 commits at every checkpoint.");
  static final ConfigOption<Duration> SAVEPOINT_RETENTION =
      key("nova.savepoint.retention")
          .durationType()
          .defaultValue(Duration.ofDays(7))
          .withDescription(
              "Age up to which a savepoint can be restored. Snapshots of the table and tags of"
                  + " removed batches stay for this long. At least three times"
                  + " nova.checkpoint.interval.");
  static final ConfigOption<Duration> FILES_MIN_AGE =
      key("nova.files.min-age")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "Time for which a data file stays after it has left the table. At least the time"
                  + " of the longest query. At least 1 s.");
  static final ConfigOption<Duration> LIFECYCLE_INTERVAL =
      key("nova.lifecycle.interval")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "Time between two runs of the task that removes completed batches, old snapshots and"
                  + " files. At least 1 s.");
  static final ConfigOption<Boolean> LIVE =
      key("nova.live")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether each subtask serves its open blocks to queries. If false, queries"
                  + " read committed rows only.");
  static final ConfigOption<String> LIVE_PORTS =
      key("nova.live.ports")
          .stringType()
          .defaultValue("0")
          .withDescription(
              "Ports of the live servers on each TaskManager: one port, a range such as"
                  + " 47100-47199, or 0 for any free port. Each subtask takes the first free port"
                  + " of the range. It listens on the address that the TaskManager has in the"
                  + " cluster.");
  static final ConfigOption<String> LIVE_TOKEN =
      key("nova.live.token")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Secret that a query must send to read live views. Default: each subtask"
                  + " draws one when it starts and writes it to the table's folder, so whoever can"
                  + " read the table can read live views. Flink's web page shows command lines:"
                  + " prefer nova.live.token-file.");
  static final ConfigOption<String> LIVE_TOKEN_FILE =
      key("nova.live.token-file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "File with that secret, on the machine that submits the job. White space"
                  + " around the secret is ignored. Not together with nova.live.token.");
  static final ConfigOption<Duration> LIVE_PUBLISH_INTERVAL =
      key("nova.live.publish-interval")
          .durationType()
          .defaultValue(Duration.ofMillis(100))
          .withDescription(
              "Time after which a subtask publishes a new live view if something changed."
                  + " An admitted event is visible to live queries after at most this time. At"
                  + " least 10 ms.");
  static final ConfigOption<Integer> LIVE_MAX_CONNECTIONS =
      key("nova.live.max-connections")
          .intType()
          .defaultValue(256)
          .withDescription(
              "Greatest number of open connections to one subtask's live server. Further"
                  + " connections are refused. 1 to 10000.");

  /** All of them, in the order of docs/reference/job-options.md. */
  static final List<ConfigOption<?>> ALL =
      List.of(
          BOOTSTRAP_SERVERS,
          TOPIC,
          REJECTED_TOPIC,
          DUPLICATES_TOPIC,
          BATCHES_TOPIC,
          GROUP,
          CLIENT_CONFIG,
          ACCEPT_GAP,
          MAPPING,
          VALUE_FORMAT,
          VALUE_SCHEMA_FILE,
          REGISTRY_URL,
          REGISTRY_AUTH_FILE,
          WAREHOUSE,
          CATALOG_TYPE,
          CATALOG_IMPL,
          CATALOG_PROPERTIES_FILE,
          SHARDS,
          BLOCK_INTERVAL,
          BLOCK_LINGER,
          DEDUP_WINDOW,
          LARGEST_WINDOW,
          LATENESS_LIMIT,
          STATE_TTL,
          CACHE_SIZE,
          MEMORY_BUDGET,
          POLICY_FILE,
          POLICY_CHECK_INTERVAL,
          LEDGER,
          ADMITTED_TOPIC,
          ADMITTED_DELIVERY,
          ADMITTED_TRANSACTION_TIMEOUT,
          TOO_FAR_AHEAD,
          IDLE_TIMEOUT,
          MAX_DRIFT,
          PROGRESS_NOT_AFTER,
          RETIRED,
          BATCH_LENGTH,
          CLOSE_DELAY,
          GRACE,
          REQUIRE_AUDIT,
          ACCEPT_BATCHES_TOPIC,
          CHUNK_TARGET_SIZE,
          CHUNK_MAX_WAIT,
          CHUNK_SORT_SIZE,
          CHECKPOINT_INTERVAL,
          COMMIT_INTERVAL,
          SAVEPOINT_RETENTION,
          FILES_MIN_AGE,
          LIFECYCLE_INTERVAL,
          LIVE,
          LIVE_PORTS,
          LIVE_TOKEN,
          LIVE_TOKEN_FILE,
          LIVE_PUBLISH_INTERVAL,
          LIVE_MAX_CONNECTIONS);

  private NovaOptions() {}
}
