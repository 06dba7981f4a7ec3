package io.nova.sql.topic;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BYTES;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.CatalogView;

/**
 * A topic of the job as two objects of the catalog: its log, a table with every record, and a view
 * over the log with each message once. The job writes these topics at least once, so after a
 * failure a message may be told again; its last telling counts, since that is of the run that went
 * on.
 *
 * @param name what the view is called
 * @param comment what the view says of itself
 * @param topic which topic it is
 * @param format options by which the log's values are decoded
 * @param logColumns columns of the log, those of the view and {@code log_offset} among them
 * @param viewColumns columns of the view
 */
public record TopicTable(
    String name,
    String comment,
    Function<TopicAccess, String> topic,
    Map<String, String> format,
    Schema logColumns,
    Schema viewColumns) {
  /** What was refused: the original bytes are the value, all else is in headers. */
  public static final TopicTable REJECTED =
      new TopicTable(
          "rejected",
          "What the job refused and why, each message once",
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
              .columnByExpression("original_text", "CAST(original AS STRING)")
              .build(),
          Schema.newBuilder()
              .column("reason", STRING())
              .column("detail", STRING())
              .column("kafka_topic", STRING())
              .column("kafka_partition", INT())
              .column("kafka_offset", BIGINT())
              .column("rejected_at", TIMESTAMP_LTZ(3))
              .column("original", BYTES())
              .column("original_text", STRING())
              .build());

  /** The ledger of dropped copies. */
  public static final TopicTable DUPLICATES =
      new TopicTable(
          "duplicates",
          "Every copy that the job dropped while nova.ledger was on, each once",
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
              .column("first_upload_time", TIMESTAMP_LTZ(6))
              .column("first_partition", INT())
              .column("first_offset", BIGINT())
              .column("gap_ms", BIGINT())
              .columnByMetadata("dropped_at", TIMESTAMP_LTZ(3), "timestamp", true)
              .columnByMetadata("log_offset", BIGINT(), "offset", true)
              .columnByExpression("kafka_topic", "`topic`")
              .columnByExpression("kafka_partition", "`partition`")
              .columnByExpression("kafka_offset", "`offset`")
              .build(),
          Schema.newBuilder()
              .column("app", STRING())
              .column("identity", STRING())
              .column("kind", STRING())
              .column("upload_time", TIMESTAMP_LTZ(6))
              .column("kafka_topic", STRING())
              .column("kafka_partition", INT())
              .column("kafka_offset", BIGINT())
              .column("first_upload_time", TIMESTAMP_LTZ(6))
              .column("first_partition", INT())
              .column("first_offset", BIGINT())
              .column("gap_ms", BIGINT())
              .column("dropped_at", TIMESTAMP_LTZ(3))
              .build());

  /** All there are. */
  public static final List<TopicTable> ALL = List.of(REJECTED, DUPLICATES);

  private static String text(String header) {
    return "CAST(headers['" + header + "'] AS STRING)";
  }

  /** What the log is called. */
  public String logName() {
    return name + "_log";
  }

  /** The table of every record that a topic has when a query starts. */
  public CatalogTable log(TopicAccess bus) {
    LinkedHashMap<String, String> options = new LinkedHashMap<>(bus.tableOptions(topic.apply(bus)));
    options.putAll(format);
    return CatalogTable.newBuilder()
        .schema(logColumns)
        .comment("Every record of the topic, repeats after failures among them")
        .options(options)
        .build();
  }

  /**
   * The view of each message once.
   *
   * @param path catalog and database, quoted, with the dots
   */
  public CatalogView view(String path) {
    String columns =
        viewColumns.getColumns().stream()
            .map(column -> "`" + column.getName() + "`")
            .collect(Collectors.joining(", "));
    String query =
        ("SELECT %1$s FROM (SELECT %1$s, ROW_NUMBER() OVER (PARTITION BY kafka_topic,"
                + " kafka_partition, kafka_offset ORDER BY log_offset DESC) AS telling"
                + " FROM %2$s`%3$s`) WHERE telling = 1")
            .formatted(columns, path, logName());
    return CatalogView.of(viewColumns, comment, query, query, Map.of());
  }
}
