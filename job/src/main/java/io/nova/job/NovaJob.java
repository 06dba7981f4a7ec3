package io.nova.job;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.handoff.BatchAnswer;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.handoff.HandoffOperatorFactory;
import io.nova.job.intake.GenerationSource;
import io.nova.job.intake.Intake;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.AdmittedSettings;
import io.nova.job.options.CheckedOptions;
import io.nova.job.options.NovaOptions;
import io.nova.job.options.NovaSettings;
import io.nova.job.options.Topics;
import io.nova.job.shard.BlockOperatorFactory;
import io.nova.job.shard.BlockOutput;
import io.nova.job.shard.SealedUpTo;
import io.nova.job.shard.ShardKeys;
import io.nova.job.table.ChunkOperatorFactory;
import io.nova.job.table.ChunkRouting;
import io.nova.job.table.SealedBatches;
import io.nova.job.table.TableChange;
import io.nova.job.table.TableCommitter;
import io.nova.kafka.Admitted;
import io.nova.kafka.AdmittedSerializer;
import io.nova.kafka.Duplicate;
import io.nova.kafka.DuplicateSerializer;
import io.nova.kafka.EventDeserializer;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.RejectedSerializer;
import io.nova.kafka.ShardMessage;
import io.nova.kafka.SizeLimit;
import io.nova.kafka.UploadTimeWatermarks;
import io.nova.kafka.batches.BatchAnswerSerializer;
import io.nova.kafka.batches.BatchTopic;
import io.nova.kafka.batches.KafkaBatchTopic;
import io.nova.kafka.source.EventSource;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.ParameterTool;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The Flink job: events from Kafka, exact deduplication, blocks, chunks, one Iceberg table.
 *
 * <p>Invalid options, missing topics and an unfit table fail here, before the job starts.
 */
public final class NovaJob {
  private static final String NAME = "nova";

  /**
   * Off unless the cluster sets it. The state's values are compressed already, or they cannot be.
   * Compressing them again would cost more CPU than all other work of RocksDB.
   */
  private static final ConfigOption<String> ROCKSDB_COMPRESSION =
      ConfigOptions.key("state.backend.rocksdb.compression.per.level")
          .stringType()
          .noDefaultValue();

  private static final String CONFIG_FILE = "config";

  /** Without batches, requests would cost producer and brokers more than the records. */
  private static final Map<String, String> BATCHING = Map.of("linger.ms", "200");

  /** Large batches: nobody waits for the ledger, and a checkpoint flushes it anyway. */
  private static final Map<String, String> LEDGER_BATCHING =
      Map.of("linger.ms", "1000", "batch.size", "262144");

  /** Large batches, since every event goes there. Consumers wait for the linger time at most. */
  private static final Map<String, String> ADMITTED_BATCHING =
      Map.of("linger.ms", "200", "batch.size", "262144");

  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<Duplicate> DUPLICATES =
      new OutputTag<>("duplicates", TypeInformation.of(Duplicate.class));
  private static final OutputTag<Admitted> ADMITTED =
      new OutputTag<>("admitted", TypeInformation.of(Admitted.class));
  private static final OutputTag<PartitionProgress> PROGRESS =
      new OutputTag<>("progress", TypeInformation.of(PartitionProgress.class));
  private static final OutputTag<BatchAnswer> ANSWERS =
      new OutputTag<>("answers", TypeInformation.of(BatchAnswer.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));

  private final CheckedOptions options;
  private final Mapping mapping;
  private final NovaSettings settings;
  private final TableRules table;

  NovaJob(CheckedOptions options, Mapping mapping, TableRules table, Set<Integer> partitions) {
    this.options = options;
    this.mapping = mapping;
    this.table = table;
    this.settings = NovaSettings.of(options, mapping, table, partitions);
  }

  /** Checks the options, finds or creates the table, and submits the job. */
  public static void main(String[] args) throws Exception {
    CheckedOptions options = CheckedOptions.of(read(args));
    Mapping mapping = Mapping.of(options.get(NovaOptions.MAPPING));
    Set<Integer> partitions = new Topics(options).livePartitions();
    EventTable table =
        EventTable.findOrCreate(
            options.catalog(),
            new TableRules(
                options.get(NovaOptions.SHARDS),
                options.get(NovaOptions.BLOCK_INTERVAL),
                options.get(NovaOptions.BATCH_LENGTH),
                FingerprintKey.draw()));
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
    new NovaJob(options, mapping, table.rules(), partitions).build(flink);
    flink.executeAsync(NAME);
  }

  /** Options of the file that {@code --config} names. The command line overrides them. */
  private static Map<String, String> read(String[] args) throws IOException {
    ParameterTool commandLine = ParameterTool.fromArgs(args);
    Map<String, String> given = new HashMap<>();
    if (commandLine.has(CONFIG_FILE)) {
      given.putAll(ParameterTool.fromPropertiesFile(commandLine.get(CONFIG_FILE)).toMap());
    }
    given.putAll(commandLine.toMap());
    given.remove(CONFIG_FILE);
    return given;
  }

  void build(StreamExecutionEnvironment flink) {
    configure(flink);

    DataStream<String> generation =
        flink
            .fromSource(new GenerationSource(), GenerationSource.idle(), "generation")
            .uid("generation")
            .setParallelism(1);

    SingleOutputStreamOperator<ShardMessage> offered =
        flink
            .fromSource(
                kafka(),
                UploadTimeWatermarks.strategy(options.get(NovaOptions.IDLE_TIMEOUT)),
                "events")
            .uid("events")
            .transform(
                "intake",
                TypeInformation.of(ShardMessage.class),
                new Intake(settings, REJECTED, TALLIES, PROGRESS))
            .uid("intake");

    SingleOutputStreamOperator<BatchOrder> orders =
        offered
            .getSideOutput(PROGRESS)
            .transform(
                "handoff",
                TypeInformation.of(BatchOrder.class),
                new HandoffOperatorFactory(settings, batchesTopic(), ANSWERS))
            .uid("handoff")
            // A chain has one maximum parallelism, and with parallelism 1 this could join the
            // source's.
            .startNewChain()
            .setParallelism(1)
            .setMaxParallelism(1);
    DataStream<Long> closes = closesOf(orders);

    ShardKeys keys = new ShardKeys(settings.shards());
    SingleOutputStreamOperator<BlockOutput> blocks =
        offered
            .union(toEveryShard(generation), closeEveryShard(closes))
            .keyBy(message -> keys.keyOf(message.shard), Types.INT)
            .transform(
                "blocks",
                TypeInformation.of(BlockOutput.class),
                new BlockOperatorFactory(settings, keys, REJECTED, DUPLICATES, ADMITTED, TALLIES))
            .uid("blocks");

    DataStream<BlockFile> blockFiles =
        blocks
            .flatMap(
                (BlockOutput output, Collector<BlockFile> out) -> {
                  if (output.file != null) {
                    out.collect(output.file);
                  }
                })
            .returns(BlockFile.class)
            .name("block files");

    DataStream<Chunk> chunks =
        blockFiles
            .partitionCustom(new ChunkRouting(settings.chunkTargetBytes()), file -> file)
            .connect(sealedEverywhere(blocks).broadcast())
            .transform(
                "chunks", TypeInformation.of(Chunk.class), new ChunkOperatorFactory(settings))
            .uid("chunks");

    SingleOutputStreamOperator<BatchAnswer> committer =
        blocks
            .map(TableChange::of)
            .name("sealed")
            .union(
                chunks.map(TableChange::of).name("merged"),
                orders.map(TableChange::of).name("orders for the table").setParallelism(1),
                tallies(offered, "received"),
                tallies(blocks, "decided"),
                generation.map(TableChange::ofGeneration).name("generation of the table"))
            .transform(
                "committer", TypeInformation.of(BatchAnswer.class), new TableCommitter(settings))
            .uid("committer")
            .setParallelism(1)
            .setMaxParallelism(1);

    committer
        .union(orders.getSideOutput(ANSWERS))
        .sinkTo(answers())
        .name("answers")
        .uid("answers")
        .setParallelism(1);

    offered
        .getSideOutput(REJECTED)
        .union(blocks.getSideOutput(REJECTED))
        .sinkTo(rejectedTopic())
        .name("rejected")
        .uid("rejected");

    if (settings.ledger()) {
      blocks
          .getSideOutput(DUPLICATES)
          .sinkTo(duplicatesTopic())
          .name("duplicates")
          .uid("duplicates");
    }

    if (settings.admitted().on()) {
      blocks.getSideOutput(ADMITTED).sinkTo(admittedTopic()).name("admitted").uid("admitted");
    }
  }

  private DataStream<ShardMessage> toEveryShard(DataStream<String> generation) {
    int shards = settings.shards();
    return generation
        .flatMap(
            (String drawn, Collector<ShardMessage> out) -> {
              for (int shard = 0; shard < shards; shard++) {
                out.collect(ShardMessage.of(shard, drawn));
              }
            })
        .returns(ShardMessage.class)
        .name("generation of the blocks")
        .setParallelism(1);
  }

  private static DataStream<Long> closesOf(DataStream<BatchOrder> orders) {
    return orders
        .flatMap(
            (BatchOrder order, Collector<Long> out) -> {
              if (order.closeUpTo != null) {
                out.collect(order.closeUpTo);
              }
            })
        .returns(Types.LONG)
        .name("closes")
        .setParallelism(1);
  }

  private DataStream<ShardMessage> closeEveryShard(DataStream<Long> closes) {
    int shards = settings.shards();
    return closes
        .flatMap(
            (Long upTo, Collector<ShardMessage> out) -> {
              for (int shard = 0; shard < shards; shard++) {
                out.collect(ShardMessage.closeUpTo(shard, upTo));
              }
            })
        .returns(ShardMessage.class)
        .name("closes of the blocks")
        .setParallelism(1);
  }

  private DataStream<Long> sealedEverywhere(DataStream<BlockOutput> blocks) {
    return blocks
        .flatMap(
            (BlockOutput output, Collector<SealedUpTo> out) -> {
              if (output.sealed != null) {
                out.collect(output.sealed);
              }
            })
        .returns(SealedUpTo.class)
        .name("words of the shards")
        .flatMap(new SealedBatches(settings.shards()))
        .returns(Types.LONG)
        .name("sealed batches")
        .setParallelism(1);
  }

  private static DataStream<TableChange> tallies(
      SingleOutputStreamOperator<?> operator, String name) {
    return operator.getSideOutput(TALLIES).map(TableChange::of).name(name);
  }

  private void configure(StreamExecutionEnvironment flink) {
    Configuration conf = new Configuration();
    conf.set(PipelineOptions.GENERIC_TYPES, false);
    conf.set(PipelineOptions.OBJECT_REUSE, true);
    conf.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    conf.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    conf.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, options.get(NovaOptions.CHECKPOINT_INTERVAL));
    conf.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    conf.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    conf.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    if (flink.getConfiguration().getOptional(ROCKSDB_COMPRESSION).isEmpty()) {
      conf.set(ROCKSDB_COMPRESSION, "NO_COMPRESSION");
    }
    if (settings.admitted().exactlyOnce()) {
      outlastCheckpoints(
          flink.getConfiguration().get(CheckpointingOptions.CHECKPOINTING_TIMEOUT), conf);
    }
    flink.configure(conf);
    flink.setMaxParallelism(settings.shards());
  }

  /** A checkpoint that fails restarts the job, so that no transaction waits for a later one. */
  private void outlastCheckpoints(Duration given, Configuration conf) {
    Duration most =
        settings.admitted().longestCheckpoint(options.get(NovaOptions.CHECKPOINT_INTERVAL));
    conf.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, given.compareTo(most) < 0 ? given : most);
    conf.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 0);
  }

  private EventSource<Received> kafka() {
    Properties consumer = kafkaProperties();
    consumer.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.get(NovaOptions.BOOTSTRAP_SERVERS));
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, options.get(NovaOptions.GROUP));
    return new EventSource<>(
        settings.topic(),
        settings.acceptedGaps(),
        options.get(NovaOptions.MAX_DRIFT),
        new EventDeserializer(
            table,
            options.get(NovaOptions.TOO_FAR_AHEAD),
            settings.blockRules().largestWindow(),
            mapping,
            options.policies(),
            settings.ledger(),
            options.valueSettings()),
        consumer);
  }

  private BatchTopic batchesTopic() {
    Properties client = kafkaProperties();
    client.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.get(NovaOptions.BOOTSTRAP_SERVERS));
    return new KafkaBatchTopic(settings.handoff().topic(), settings.topic(), client);
  }

  private KafkaSink<BatchAnswer> answers() {
    return sink(new BatchAnswerSerializer(settings.handoff().topic()), producer(Map.of()));
  }

  private KafkaSink<Rejected> rejectedTopic() {
    Properties producer = producer(BATCHING);
    String topic = options.get(NovaOptions.REJECTED_TOPIC);
    return sink(new RejectedSerializer(topic, new SizeLimit(topic, producer)), producer);
  }

  private KafkaSink<Duplicate> duplicatesTopic() {
    Properties producer = producer(LEDGER_BATCHING);
    String topic = options.get(NovaOptions.DUPLICATES_TOPIC);
    return sink(new DuplicateSerializer(topic, new SizeLimit(topic, producer)), producer);
  }

  private KafkaSink<Admitted> admittedTopic() {
    AdmittedSettings admitted = settings.admitted();
    Properties producer = producer(ADMITTED_BATCHING);
    producer.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Long.toString(admitted.transactionTimeout().toMillis()));
    return KafkaSink.<Admitted>builder()
        .setBootstrapServers(options.get(NovaOptions.BOOTSTRAP_SERVERS))
        .setKafkaProducerConfig(producer)
        .setDeliveryGuarantee(admitted.delivery())
        .setTransactionalIdPrefix(AdmittedSettings.transactionalIdPrefix(settings.fingerprintKey()))
        // The other strategy leaves a new id on the brokers for every checkpoint.
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setRecordSerializer(
            new AdmittedSerializer(admitted.topic(), new SizeLimit(admitted.topic(), producer)))
        .build();
  }

  /** Compressed, since a message that its producer compressed may not fit otherwise. */
  private Properties producer(Map<String, String> batching) {
    Properties producer = kafkaProperties();
    batching.forEach(producer::putIfAbsent);
    producer.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    producer.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.get(NovaOptions.BOOTSTRAP_SERVERS));
    producer.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.LARGEST_REQUEST_BYTES));
    return producer;
  }

  private <T> KafkaSink<T> sink(KafkaRecordSerializationSchema<T> serializer, Properties producer) {
    return KafkaSink.<T>builder()
        .setBootstrapServers(options.get(NovaOptions.BOOTSTRAP_SERVERS))
        .setKafkaProducerConfig(producer)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(serializer)
        .build();
  }

  private Properties kafkaProperties() {
    Properties properties = new Properties();
    properties.putAll(options.kafkaProperties());
    return properties;
  }
}
