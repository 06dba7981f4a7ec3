package io.nova.console.ask.topic;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.AskOptions;
import io.nova.console.ask.LoadWait;
import java.io.Closeable;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The tables {@code rejected} and {@code duplicates}. Thread-safe. */
public final class AskedTopics implements Closeable {
  private static final TopicForm REJECTED = new RejectedForm();
  private static final TopicForm DUPLICATES = new DuplicatesForm();

  private final Map<String, AskedTopic> topics;

  /** The rows of a question, by table. The question releases them. */
  public static final class Used {
    private final Map<String, TopicCut> cuts = new TreeMap<>();

    private Used() {}

    /** The bounds of the tables. */
    public List<String> bounds() {
      return cuts.values().stream().map(TopicCut::bound).toList();
    }

    /** The number of rows in all tables. */
    public long rows() {
      return cuts.values().stream().mapToLong(TopicCut::rows).sum();
    }

    /** About the size of all tables in memory. */
    public long bytes() {
      return cuts.values().stream().mapToLong(TopicCut::bytes).sum();
    }

    /** What differs after each load that changed a table. */
    public String key() {
      return cuts.values().stream()
          .map(cut -> "%s@%d".formatted(cut.table(), cut.load()))
          .collect(Collectors.joining(" "));
    }

    /** The statement that selects the rows of a table; empty if it is no topic's. */
    public Optional<String> select(String table) {
      @Nullable TopicCut cut = cuts.get(table);
      return Optional.ofNullable(cut).map(TopicCut::select);
    }
  }

  /**
   * The tables of some topics.
   *
   * @param consumers makes a consumer that has no group
   * @throws SQLException if DuckDB gives no connection
   */
  public AskedTopics(
      AskOptions options,
      AskDatabase database,
      Function<AskTopics, Consumer<byte[], byte[]>> consumers,
      InstantSource clock)
      throws SQLException {
    Map<String, AskedTopic> made = new HashMap<>();
    if (options.topics().isPresent()) {
      AskTopics read = options.topics().get();
      for (TopicForm form : List.of(REJECTED, DUPLICATES)) {
        made.put(
            form.name(),
            new AskedTopic(
                form == REJECTED ? read.rejected() : read.duplicates(),
                read.brokers(),
                form,
                TopicLimits.of(options.memoryMb()),
                database.connect(),
                () -> consumers.apply(read),
                options.refresh(),
                clock));
      }
    }
    this.topics = Map.copyOf(made);
  }

  /** A consumer of Kafka. */
  public static Consumer<byte[], byte[]> consumer(AskTopics topics) {
    Map<String, Object> client = new HashMap<>();
    client.put(CommonClientConfigs.CLIENT_ID_CONFIG, "nova-ask");
    client.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    client.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    client.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    client.putAll(topics.settings());
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, topics.brokers());
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whether a table is one of these. */
  public static boolean has(String table) {
    return table.equals(REJECTED.name()) || table.equals(DUPLICATES.name());
  }

  /**
   * The current rows of those tables of a statement that are topics. The caller must {@link
   * #release} them.
   *
   * @throws AskException if a topic cannot be read
   */
  public Used use(Set<String> tables, LoadWait wait) throws AskException {
    Used used = new Used();
    boolean complete = false;
    try {
      for (String table : tables) {
        if (has(table)) {
          used.cuts.put(table, topic(table).use(wait));
        }
      }
      complete = true;
      return used;
    } finally {
      if (!complete) {
        release(used);
      }
    }
  }

  private AskedTopic topic(String table) throws AskException {
    AskedTopic topic = topics.get(table);
    if (topic == null) {
      throw new AskException(
          Kind.UNAVAILABLE,
          "Table %s: no broker is known. Start the console with --bootstrap-servers HOST:PORT. The statement did not run."
              .formatted(table));
    }
    return topic;
  }

  /** Uses rows once more. The caller uses them already. */
  public void useAgain(Used used) {
    used.cuts.forEach((table, cut) -> on(table, topic -> topic.useAgain(cut)));
  }

  /** Ends a use. */
  public void release(Used used) {
    used.cuts.forEach((table, cut) -> on(table, topic -> topic.release(cut)));
  }

  private void on(String table, java.util.function.Consumer<AskedTopic> action) {
    AskedTopic topic = topics.get(table);
    if (topic != null) {
      action.accept(topic);
    }
  }

  @Override
  public void close() {
    new ArrayList<>(topics.values()).forEach(AskedTopic::close);
  }
}
