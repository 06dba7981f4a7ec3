package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.mapping.Mapping;
import io.nova.job.options.CheckedOptions;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NovaJobTest {
  private static void build(StreamExecutionEnvironment flink) throws Exception {
    build(flink, "exactly-once");
  }

  private static void build(StreamExecutionEnvironment flink, String delivery) throws Exception {
    Map<String, String> given =
        Map.of(
            "nova.kafka.bootstrap-servers", "127.0.0.1:9092",
            "nova.warehouse", "file:///w",
            "nova.ledger", "true",
            "nova.admitted.topic", "admitted",
            "nova.admitted.transaction-timeout", "4 min",
            "nova.admitted.delivery", delivery);
    new NovaJob(CheckedOptions.of(given), Mapping.amplitude(), JobEvents.RULES, Set.of(0))
        .build(flink);
  }

  private static byte[] submitted() throws Exception {
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
    build(flink);
    StreamGraph graph = flink.getStreamGraph();
    graph.serializeUserDefinedInstances();
    return InstantiationUtil.serializeObject(graph);
  }

  /** Values of thread locals of this thread. They live as long as the thread. */
  private static List<Object> valuesOfThisThread() throws ReflectiveOperationException {
    Object map = field(Thread.class, "threadLocals").get(Thread.currentThread());
    Object entries = field(Objects.requireNonNull(map).getClass(), "table").get(map);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < Array.getLength(entries); i++) {
      @Nullable Object entry = Array.get(entries, i);
      @Nullable Object value = entry == null ? null : field(entry.getClass(), "value").get(entry);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** A savepoint fits another parallelism only if each operator's maximum stays as it is. */
  @Test
  void noOperatorHasAnotherMaximumAtAnotherParallelism() throws Exception {
    Map<OperatorID, Integer> one = maxParallelism(1);
    Map<OperatorID, Integer> two = maxParallelism(2);

    two.keySet().retainAll(one.keySet());
    assertThat(two)
        .hasSizeGreaterThan(10)
        .allSatisfy((id, max) -> assertThat(max).isEqualTo(one.get(id)));
  }

  private static Map<OperatorID, Integer> maxParallelism(int parallelism) throws Exception {
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
    flink.setParallelism(parallelism);
    build(flink);
    Map<OperatorID, Integer> max = new HashMap<>();
    for (JobVertex vertex : flink.getStreamGraph().getJobGraph().getVertices()) {
      for (OperatorIDPair operator : vertex.getOperatorIDs()) {
        max.put(operator.getGeneratedOperatorID(), vertex.getMaxParallelism());
      }
    }
    return max;
  }

  @Test
  void stateIsNotCompressedTwiceUnlessTheClusterSaysSo() throws Exception {
    ConfigOption<String> compression =
        ConfigOptions.key("state.backend.rocksdb.compression.per.level")
            .stringType()
            .noDefaultValue();

    assertThat(built(new Configuration()).get(compression)).isEqualTo("NO_COMPRESSION");
    Configuration cluster = new Configuration();
    cluster.set(compression, "ZSTD_COMPRESSION");
    assertThat(built(cluster).get(compression)).isEqualTo("ZSTD_COMPRESSION");
  }

  private static ReadableConfig built(Configuration cluster) throws Exception {
    return built(cluster, "exactly-once");
  }

  private static ReadableConfig built(Configuration cluster, String delivery) throws Exception {
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
    build(flink, delivery);
    return flink.getConfiguration();
  }

  /** The brokers abort a transaction after four minutes, and its events would be lost. */
  @Test
  void aCheckpointWithATransactionEndsBeforeTheBrokersAbortIt() throws Exception {
    ReadableConfig capped = built(new Configuration());

    assertThat(capped.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).hasSeconds(110);
    assertThat(capped.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)).isZero();
  }

  @Test
  void aShorterTimeoutOfTheClusterStays() throws Exception {
    Configuration cluster = new Configuration();
    cluster.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofSeconds(30));

    assertThat(built(cluster).get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).hasSeconds(30);
  }

  @Test
  void withoutTransactionsTheTimeoutOfTheClusterStays() throws Exception {
    Configuration cluster = new Configuration();
    cluster.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(20));
    ReadableConfig built = built(cluster, "at-least-once");

    assertThat(built.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).hasMinutes(20);
    assertThat(built.getOptional(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)).isEmpty();
  }

  /** A JobManager deserializes jobs on a thread that lives longer than the job. */
  @Test
  void aThreadThatDeserializedTheJobKeepsNoneOfItsClasses() throws Exception {
    byte[] submitted = submitted();
    try (JobClassLoader classes = new JobClassLoader()) {
      StreamGraph graph = InstantiationUtil.deserializeObject(submitted, classes);
      graph.deserializeUserDefinedInstances(classes, Runnable::run);

      assertThat(graph.getStreamNodes())
          .extracting(node -> Objects.requireNonNull(node.getOperatorFactory()))
          .anyMatch(factory -> factory.getClass().getClassLoader() == classes);
      assertThat(valuesOfThisThread())
          .noneMatch(value -> value.getClass().getClassLoader() == classes);
    }
  }
}
