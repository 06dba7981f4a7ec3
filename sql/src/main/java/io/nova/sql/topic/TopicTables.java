package io.nova.sql.topic;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Creates the source of a log from the options of its table. */
public final class TopicTables {
  /** The value of the option {@code connector} of a log. */
  public static final String CONNECTOR = "kafka";

  private TopicTables() {}

  /**
   * The source of a log.
   *
   * @param clientOptions options of Kafka's clients, which the table itself does not show
   */
  public static DynamicTableSource source(
      DynamicTableFactory.Context context, Map<String, String> clientOptions) {
    HashMap<String, String> options = new HashMap<>(clientOptions);
    options.putAll(context.getCatalogTable().getOptions());
    TopicCheck check = new TopicCheck(context.getObjectIdentifier().getObjectName(), options);
    DynamicTableSource source =
        new KafkaDynamicTableFactory().createDynamicTableSource(with(options, context));
    return new TopicSource((KafkaDynamicSource) source, check);
  }

  private static DynamicTableFactory.Context with(
      Map<String, String> options, DynamicTableFactory.Context context) {
    return new FactoryUtil.DefaultDynamicTableContext(
        context.getObjectIdentifier(),
        context.getCatalogTable().copy(options),
        context.getEnrichmentOptions(),
        context.getConfiguration(),
        context.getClassLoader(),
        context.isTemporary());
  }
}
