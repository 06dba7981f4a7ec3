package io.nova.kafka.source;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The source of the events: Flink's Kafka connector, which skips nothing in silence.
 *
 * <ul>
 *   <li>The state of a partition is an offset, also before its first record.
 *   <li>The state has the topic's id. The job fails on a topic that was created again.
 *   <li>At each start, the log must still have every record from the offset on.
 *   <li>The offset passes transaction markers, so retention may take them.
 *   <li>Partitions that catch up do so together ({@link Alignment}).
 *   <li>A deserializer may prepare records on the thread that polls ({@link ReadAhead}).
 * </ul>
 *
 * @param <T> type of the elements
 */
public final class EventSource<T>
    implements Source<T, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<T> {
  @Serial private static final long serialVersionUID = 1;

  /** Time between two looks for new partitions. The connector's own default is 5 minutes. */
  private static final String DISCOVERY_MILLIS = "30000";

  private final SplitCheck check;
  private final KafkaRecordDeserializationSchema<T> deserializer;
  private final Duration maxDrift;
  private final Properties properties;

  /**
   * A source of one topic.
   *
   * @param accepted the ranges of offsets that may be gone
   * @param maxDrift how far a partition may be ahead of the slowest one while they catch up, in
   *     time of their records; zero for any distance
   * @param properties settings of Kafka's clients; brokers and group are required
   */
  public EventSource(
      String topic,
      AcceptedGaps accepted,
      Duration maxDrift,
      KafkaRecordDeserializationSchema<T> deserializer,
      Properties properties) {
    this.check = new SplitCheck(topic, accepted);
    this.maxDrift = maxDrift;
    this.deserializer = deserializer;
    this.properties = new Properties();
    this.properties.putAll(properties);
    this.properties.putIfAbsent(
        KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), DISCOVERY_MILLIS);
    this.properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
  }

  /** The settings of Kafka's clients. */
  Properties settings() {
    Properties settings = new Properties();
    settings.putAll(properties);
    return settings;
  }

  private KafkaSource<T> kafka(Properties more) {
    return KafkaSource.<T>builder()
        .setKafkaSubscriber(new EventsSubscriber(check.topic()))
        .setStartingOffsets(new EarliestOrFail())
        .setProperties(properties)
        .setProperties(more)
        .setDeserializer(deserializer)
        .build();
  }

  @Override
  public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    ConsumedPositions positions = new ConsumedPositions();
    Properties noting = new Properties();
    ReadTimes times = new ReadTimes();
    noting.put(PositionInterceptor.POSITIONS, positions);
    noting.put(PositionInterceptor.TIMES, times);
    Runnable stopWaiting = () -> {};
    if (deserializer instanceof ReadAhead readAhead && readAhead.prepares()) {
      noting.put(PositionInterceptor.READ_AHEAD, readAhead);
      stopWaiting = readAhead::stopWaiting;
    }
    noting.setProperty(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, interceptors());
    return new EventSourceReader<>(
        kafka(noting).createReader(context),
        positions,
        check,
        this::topic,
        new Alignment(maxDrift, times),
        times,
        context::sendSourceEventToCoordinator,
        stopWaiting);
  }

  private String interceptors() {
    String given = properties.getProperty(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, "");
    return String.join(
        ",",
        Stream.of(PositionInterceptor.class.getName(), given)
            .filter(name -> !name.isBlank())
            .toList());
  }

  private TopicState topic() {
    Properties settings = settings();
    settings.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
    settings.put(
        AdminClientConfig.CLIENT_ID_CONFIG,
        properties.getProperty(ConsumerConfig.GROUP_ID_CONFIG) + "-start");
    try (Admin admin = Admin.create(settings)) {
      return TopicState.of(admin, check.topic());
    }
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return aligned(kafka(new Properties()).createEnumerator(context), context);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
      throws IOException {
    return aligned(kafka(new Properties()).restoreEnumerator(context, state), context);
  }

  private SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> aligned(
      SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator,
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return maxDrift.isZero() ? enumerator : new AlignedEnumerator(enumerator, context, maxDrift);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return new TopicSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return new KafkaSourceEnumStateSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return deserializer.getProducedType();
  }
}
