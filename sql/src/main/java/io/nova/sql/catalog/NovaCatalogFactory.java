package io.nova.sql.catalog;

import io.nova.iceberg.CatalogAddress;
import io.nova.sql.procedure.BatchAccess;
import io.nova.sql.procedure.ProcedureRights;
import io.nova.sql.source.Warehouse;
import io.nova.sql.table.ReadOptions;
import io.nova.sql.topic.TopicAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Creates the catalog of {@code CREATE CATALOG nova WITH ('type' = 'nova', 'warehouse' = '...')}.
 * The error for a missing or unknown option names it.
 */
public final class NovaCatalogFactory implements CatalogFactory {
  /** The value of the option {@code type}. */
  public static final String IDENTIFIER = "nova";

  /** The job's warehouse, as in its option {@code nova.warehouse}. */
  public static final ConfigOption<String> WAREHOUSE =
      ConfigOptions.key("warehouse")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the Iceberg table, a path or URI. Same value as the job's nova.warehouse. The"
                  + " folder of a Hadoop catalog must exist.");

  /** The kind of the Iceberg catalog. */
  public static final ConfigOption<String> CATALOG_TYPE =
      ConfigOptions.key("catalog.type")
          .stringType()
          .defaultValue("hadoop")
          .withDescription(
              "Kind of the Iceberg catalog: hadoop, rest, jdbc, hive or glue. Same value as the job's"
                  + " nova.catalog.type.");

  /** The class of another Iceberg catalog. */
  public static final ConfigOption<String> CATALOG_IMPL =
      ConfigOptions.key("catalog.impl")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Class of another Iceberg catalog. Same value as the job's nova.catalog.impl.");

  /** A file with properties of the Iceberg catalog. */
  public static final ConfigOption<String> CATALOG_PROPERTIES_FILE =
      ConfigOptions.key("catalog.properties-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Properties file with more settings of the Iceberg catalog, on the disk of the SQL client"
                  + " or gateway. The only place for passwords and tokens: SHOW CREATE CATALOG shows"
                  + " all options.");

  /** The database of unqualified table names. */
  public static final ConfigOption<String> DEFAULT_DATABASE =
      ConfigOptions.key("default-database")
          .stringType()
          .defaultValue(NovaCatalog.DATABASE)
          .withDescription("Default database of the catalog. Only nova is possible.");

  /** The brokers with the job's topics. */
  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap-servers")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Kafka brokers, host:port, separated by commas. Same value as the job's"
                  + " nova.kafka.bootstrap-servers. Without this option the catalog has no views"
                  + " rejected and duplicates.");

  /** The topic of the view {@code rejected}. */
  public static final ConfigOption<String> REJECTED_TOPIC =
      ConfigOptions.key("kafka.rejected-topic")
          .stringType()
          .defaultValue("rejected")
          .withDescription(
              "Topic of the messages that the job rejected. Same value as the job's"
                  + " nova.kafka.rejected-topic.");

  /** The topic of the view {@code duplicates}. */
  public static final ConfigOption<String> DUPLICATES_TOPIC =
      ConfigOptions.key("kafka.duplicates-topic")
          .stringType()
          .defaultValue("duplicates")
          .withDescription(
              "Topic of the duplicates that the job dropped. Same value as the job's"
                  + " nova.kafka.duplicates-topic.");

  /** The topic of requests to close and complete batches. */
  public static final ConfigOption<String> BATCHES_TOPIC =
      ConfigOptions.key("kafka.batches-topic")
          .stringType()
          .defaultValue("batches")
          .withDescription(
              "Topic of the requests to close and complete batches. Same value as the job's"
                  + " nova.kafka.batches-topic.");

  /** Which procedures may be called. */
  public static final ConfigOption<ProcedureRights> PROCEDURES =
      ConfigOptions.key("procedures")
          .enumType(ProcedureRights.class)
          .defaultValue(ProcedureRights.READ)
          .withDescription(
              "Which procedures may be called: read for those that change nothing, all for all.");

  /** How long a procedure waits for the job. */
  public static final ConfigOption<Duration> BATCHES_WAIT =
      ConfigOptions.key("batches.wait")
          .durationType()
          .defaultValue(Duration.ofMinutes(2))
          .withDescription(
              "How long a procedure waits for the job. After that it returns the state pending, and"
                  + " the job still decides on the request.");

  /** A file with settings of Kafka's clients. */
  public static final ConfigOption<String> CLIENT_CONFIG =
      ConfigOptions.key("kafka.client-config")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Properties file with settings of Kafka's clients, such as security.protocol and"
                  + " sasl.jaas.config, on the disk of the SQL client or gateway. An option with the"
                  + " prefix kafka.property. overrides it.");

  /** The prefix of options that are passed to Kafka's clients. */
  static final String CLIENT_SETTING = "kafka.property.";

  /** The prefix of options that are passed to Iceberg's catalog. */
  static final String CATALOG_SETTING = "catalog.";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(WAREHOUSE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    HashSet<ConfigOption<?>> options = new HashSet<>(ReadOptions.SHARED);
    options.addAll(
        Set.of(
            DEFAULT_DATABASE,
            CATALOG_TYPE,
            CATALOG_IMPL,
            CATALOG_PROPERTIES_FILE,
            BOOTSTRAP_SERVERS,
            REJECTED_TOPIC,
            DUPLICATES_TOPIC,
            BATCHES_TOPIC,
            CLIENT_CONFIG,
            PROCEDURES,
            BATCHES_WAIT,
            ReadOptions.LIVE_TOKEN));
    return options;
  }

  @Override
  public Catalog createCatalog(Context context) {
    FactoryUtil.CatalogFactoryHelper helper = FactoryUtil.createCatalogFactoryHelper(this, context);
    helper.validateExcept(CLIENT_SETTING, CATALOG_SETTING);
    ReadableConfig options = helper.getOptions();
    Warehouse warehouse = new Warehouse(address(options.get(WAREHOUSE), context.getOptions()));
    Optional<TopicAccess> topics = topics(options, context.getOptions());
    return new NovaCatalog(
        context.getName(),
        options.get(DEFAULT_DATABASE),
        warehouse,
        topics,
        new BatchAccess(warehouse, topics, options.get(PROCEDURES), options.get(BATCHES_WAIT)),
        ReadOptions.defaults(context.getOptions()),
        options.get(ReadOptions.LIVE_TOKEN));
  }

  /** SHOW CREATE CATALOG shows every option, so none may be a secret. */
  private static CatalogAddress address(String warehouse, Map<String, String> all) {
    Map<String, String> settings = withoutPrefix(CATALOG_SETTING, all);
    settings.forEach(
        (name, value) -> {
          if (CatalogAddress.isSecret(name, value)) {
            throw new ValidationException(
                ("Option '%s%s': found a secret, which SHOW CREATE CATALOG would show. Expected it as"
                        + " %s in the file of the option '%s'. No catalog was made.")
                    .formatted(CATALOG_SETTING, name, name, CATALOG_PROPERTIES_FILE.key()));
          }
        });
    return CatalogAddress.of(CATALOG_SETTING, warehouse, settings);
  }

  private static Map<String, String> withoutPrefix(String prefix, Map<String, String> all) {
    return all.entrySet().stream()
        .filter(option -> option.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(
                option -> option.getKey().substring(prefix.length()), Map.Entry::getValue));
  }

  private static Optional<TopicAccess> topics(ReadableConfig options, Map<String, String> all) {
    Map<String, String> settings =
        new HashMap<>(
            options.getOptional(CLIENT_CONFIG).map(TopicAccess::settingsOf).orElse(Map.of()));
    settings.putAll(withoutPrefix(CLIENT_SETTING, all));
    return options
        .getOptional(BOOTSTRAP_SERVERS)
        .map(
            servers ->
                new TopicAccess(
                    servers,
                    options.get(REJECTED_TOPIC),
                    options.get(DUPLICATES_TOPIC),
                    options.get(BATCHES_TOPIC),
                    settings));
  }
}
