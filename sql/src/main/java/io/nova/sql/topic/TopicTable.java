package io.nova.sql.topic;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BYTES;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import io.nova.kafka.KafkaPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.CatalogView;

/**
 * A topic of the job as two objects of the catalog. The log is a table with every record. The view
 * over the log has each message once.
 *
 * <p>The job writes these topics at least once, so after a failure a message may have several
 * records. The view shows the last one, which is of the run that continued.
 *
 * @param name name of the view
 * @param comment comment of the view
 * @param topic selects the topic
 * @param format options that decode the values of the log
 * @param logColumns columns of the log; among them are those of the view and {@code log_offset}
 * @param viewColumns columns of the view
 */
public record TopicTable(
    String name,
    String comment,
    Function<TopicAccess, String> topic,
    Map<String, String> format,
    Schema logColumns,
    Schema viewColumns) {
  /** Rejected messages. The value of a record is the original bytes; the rest is in headers. */
  public static final TopicTable REJECTED =
      new TopicTable(
          "rejected",
          "Messages that the job rejected, with the reason, each once",
          TopicAccess::rejectedTopic,
          Map.of("format", "raw"),
          Schema.newBuilder()
              .column("original", BYTES())
              .columnByMetadata("headers", MAP(STRING().notNull(), BYTES()), true)
              .columnByMetadata("rejected_at", TIMESTAMP_LTZ(3), "timestamp", true)
              .columnByMetadata("log_offset", BIGINT(), "offset", true)
              .columnByExpression("reason", text("reason"))
              .columnByExpression("detail", text("detail"))
              .columnByExpression("kafka_topic", text("topic"))
              .columnByExpression("kafka_partition", "TRY_CAST(" + text("partition") + " AS INT)")
              .columnByExpression("kafka_offset", "TRY_CAST(" + text("offset") + " AS BIGINT)")
              .columnByExpression(
                  "kafka_index", "COALESCE(TRY_CAST(" + text("index") + " AS INT), 0)")
              .columnByExpression("original_text", "CAST(original AS STRING)")
              .columnByExpression("envelope", text(KafkaPlace.ELEMENT))
              .build(),
          Schema.newBuilder()
              .column("reason", STRING())
              .column("detail", STRING())
              .column("kafka_topic", STRING())
              .column("kafka_partition", INT())
              .column("kafka_offset", BIGINT())
              .column("kafka_index", INT())
              .column("rejected_at", TIMESTAMP_LTZ(3))
              .column("original", BYTES())
              .column("original_text", STRING())
              .column("envelope", STRING())
              .build());

  /** The ledger of dropped duplicates. */
  public static final TopicTable DUPLICATES =
      new TopicTable(
          "duplicates",
          "Duplicates that the job dropped while nova.ledger was on, each once",
          TopicAccess::duplicatesTopic,
          Map.of("format", "json", "json.timestamp-format.standard", "ISO-8601"),
          Schema.newBuilder()
              .column("app", STRING())
              .column("identity", STRING())
              .column("kind", STRING())
              .column("upload_time", TIMESTAMP_LTZ(6))
              .column("topic", STRING())
              .column("partition", INT())
              .column("offset", BIGINT())
              .column("index", INT())
              .column("gap_blocks", BIGINT())
              .columnByMetadata("dropped_at", TIMESTAMP_LTZ(3), "timestamp", true)
              .columnByMetadata("log_offset", BIGINT(), "offset", true)
              .columnByExpression("kafka_topic", "`topic`")
              .columnByExpression("kafka_partition", "`partition`")
              .columnByExpression("kafka_offset", "`offset`")
              .columnByExpression("kafka_index", "`index`")
              .build(),
          Schema.newBuilder()
              .column("app", STRING())
              .column("identity", STRING())
              .column("kind", STRING())
              .column("upload_time", TIMESTAMP_LTZ(6))
              .column("kafka_topic", STRING())
              .column("kafka_partition", INT())
              .column("kafka_offset", BIGINT())
              .column("kafka_index", INT())
              .column("gap_blocks", BIGINT())
              .column("dropped_at", TIMESTAMP_LTZ(3))
              .build());

  /** All topics of the catalog. */
  public static final List<TopicTable> ALL = List.of(REJECTED, DUPLICATES);

  private static String text(String header) {
    return "CAST(headers['" + header + "'] AS STRING)";
  }

  /** The name of the log. */
  public String logName() {
    return name + "_log";
  }

  /** The log: the records that the topic has when a query starts. */
  public CatalogTable log(TopicAccess access) {
    LinkedHashMap<String, String> options =
        new LinkedHashMap<>(access.tableOptions(topic.apply(access)));
    options.putAll(format);
    return CatalogTable.newBuilder()
        .schema(logColumns)
        .comment("All records of the topic, including repetitions after failures")
        .options(options)
        .build();
  }

  /**
   * The view: each message once.
   *
   * @param path prefix of table names: catalog and database, quoted, each with a dot after it
   */
  public CatalogView view(String path) {
    String columns =
        viewColumns.getColumns().stream()
            .map(column -> "`" + column.getName() + "`")
            .collect(Collectors.joining(", "));
    String query =
        ("SELECT %1$s FROM (SELECT %1$s, ROW_NUMBER() OVER (PARTITION BY kafka_topic,"
                + " kafka_partition, kafka_offset, kafka_index ORDER BY log_offset DESC) AS repetition"
                + " FROM %2$s`%3$s`) WHERE repetition = 1")
            .formatted(columns, path, logName());
    return CatalogView.of(viewColumns, comment, query, query, Map.of());
  }
}
