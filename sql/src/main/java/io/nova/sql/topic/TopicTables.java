package io.nova.sql.topic;

import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableFactory;

/** Creates the source of a log from the options of its table. */
public final class TopicTables {
  /** The value of the option {@code connector} of a log. */
  public static final String CONNECTOR = "kafka";

  private TopicTables() {}

  /** The source of a log. */
  public static DynamicTableSource source(DynamicTableFactory.Context context) {
    TopicCheck check =
        new TopicCheck(
            context.getObjectIdentifier().getObjectName(), context.getCatalogTable().getOptions());
    DynamicTableSource source = new KafkaDynamicTableFactory().createDynamicTableSource(context);
    return new TopicSource((KafkaDynamicSource) source, check);
  }
}
