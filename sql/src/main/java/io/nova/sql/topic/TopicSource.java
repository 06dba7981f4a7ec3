package io.nova.sql.topic;

import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.types.DataType;

/**
 * Flink's Kafka source with a check of its topic just before a query runs. An earlier check would
 * fail DESCRIBE, since Flink plans a view each time it is named.
 */
final class TopicSource implements ScanTableSource, SupportsReadingMetadata {
  private final KafkaDynamicSource kafka;
  private final TopicCheck topic;

  /** A source that checks this topic. */
  TopicSource(KafkaDynamicSource kafka, TopicCheck topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    topic.require();
    return kafka.getScanRuntimeProvider(context);
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return kafka.getChangelogMode();
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return kafka.listReadableMetadata();
  }

  @Override
  public void applyReadableMetadata(List<String> keys, DataType producedType) {
    kafka.applyReadableMetadata(keys, producedType);
  }

  @Override
  public boolean supportsMetadataProjection() {
    return kafka.supportsMetadataProjection();
  }

  @Override
  public DynamicTableSource copy() {
    return new TopicSource((KafkaDynamicSource) kafka.copy(), topic);
  }

  @Override
  public String asSummaryString() {
    return kafka.asSummaryString();
  }
}
