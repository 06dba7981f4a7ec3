package io.nova.sql.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import io.nova.fixtures.ReferencePage;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.catalog.NovaCatalogFactory;
import io.nova.sql.procedure.BatchProcedure;
import io.nova.sql.system.SystemTable;
import io.nova.sql.topic.TopicTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.api.Schema;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.Test;

class SqlPageTest {
  /** Options that make sense for one query only. */
  private static final Set<String> HINTS_ONLY = Set.of("snapshot-id", "as-of", "live.cut");

  /** What a column means, by table and column. Export columns are described by their keys. */
  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("events.user", "`amplitude_id`, else `user_id`, else `device_id`"),
          Map.entry("events.extra", "JSON object of all keys that no column holds unchanged"),
          Map.entry(
              "events.conflicting",
              "true for an event that a policy admitted beside one with another payload"),
          Map.entry("events.upload_time", "another name for `server_upload_time`"),
          Map.entry("events.batch_number", "batch of the event; metadata column"),
          Map.entry("events.shard", "shard of the event; metadata column"),
          Map.entry("events.kafka_topic", "topic of the message; metadata column"),
          Map.entry("events.kafka_partition", "partition of the message; metadata column"),
          Map.entry("events.kafka_offset", "offset of the message; metadata column"),
          Map.entry(
              "events.kafka_index",
              "place of the event among the elements of its message, from 0; metadata column"),
          Map.entry("events.source_file", "file or live view that holds the row; metadata column"),
          Map.entry("events.read_token", "what the query read, for `as-of`; metadata column"),
          Map.entry("chunks.file", "path of the Parquet file"),
          Map.entry("chunks.batch_number", "batch of all its events"),
          Map.entry("chunks.row_count", "number of events"),
          Map.entry("chunks.size_bytes", "size of the file"),
          Map.entry("chunks.min_upload_time", "least upload time in the file"),
          Map.entry("chunks.max_upload_time", "greatest upload time in the file"),
          Map.entry("chunks.min_event_time", "least event time in the file"),
          Map.entry("chunks.max_event_time", "greatest event time in the file"),
          Map.entry("chunks.snapshot_id", "snapshot that was read"),
          Map.entry("chunks.completed", "the batch layer answers for it; `events` leaves it out"),
          Map.entry("blocks.batch_number", "batch of the block"),
          Map.entry("blocks.shard", "shard; null for a block file, which holds several shards"),
          Map.entry("blocks.interval_start", "start of the block's interval of upload time"),
          Map.entry(
              "blocks.state",
              "`open` in memory, `sealed` and not yet in the table, or `block_file` in the table"),
          Map.entry("blocks.row_count", "number of events"),
          Map.entry("blocks.size_bytes", "heap or file size; of a sealed block its share"),
          Map.entry("blocks.sequence", "number of the sealed block within its shard"),
          Map.entry("blocks.file", "path of the block file"),
          Map.entry("blocks.completed", "the batch layer answers for it; `events` leaves it out"),
          Map.entry("batches.batch", "UTC day or time at which the batch begins"),
          Map.entry("batches.batch_number", "its number"),
          Map.entry("batches.from_time", "its least upload time"),
          Map.entry("batches.to_time", "the least upload time of the next batch"),
          Map.entry(
              "batches.state",
              "`open`, `closed`, `completed`, `removed` or `withdrawn` (and closed)"),
          Map.entry("batches.row_count", "events in the table, else in the tag"),
          Map.entry("batches.file_count", "files in the table, else in the tag"),
          Map.entry("batches.size_bytes", "size of these files"),
          Map.entry("batches.link", "UUID of its closing link, for `complete_batch`"),
          Map.entry("batches.closed_at", "when it was closed, by the job's clock"),
          Map.entry("batches.closed_by", "who asked for that; `nova` where nobody did"),
          Map.entry("batches.completed_at", "when it was last completed"),
          Map.entry("batches.completed_by", "who completed it"),
          Map.entry(
              "batches.forced",
              "whether that was by force: nobody says that the batch layer has its rows"),
          Map.entry("batches.withdrawn_at", "when it was last withdrawn"),
          Map.entry("batches.withdrawn_by", "who withdrew it"),
          Map.entry("batches.removed_at", "when its files left the table"),
          Map.entry("snapshots.committed_at", "when it was committed, by the writer's clock"),
          Map.entry("snapshots.snapshot_id", "its id, for `snapshot-id`"),
          Map.entry("snapshots.parent_id", "the snapshot before it"),
          Map.entry(
              "snapshots.operation", "Iceberg's `append`, `replace`, `overwrite` or `delete`"),
          Map.entry("snapshots.link", "UUID of the link of the commit chain that made it"),
          Map.entry("snapshots.row_count", "events in it, those of completed batches too"),
          Map.entry("snapshots.file_count", "its data files"),
          Map.entry("snapshots.size_bytes", "size of these files"),
          Map.entry("freshness.shard", "shard"),
          Map.entry("freshness.kafka_partition", "partition; null in the row of the whole shard"),
          Map.entry("freshness.newest_upload_time", "greatest upload time of an admitted event"),
          Map.entry("freshness.newest_event_time", "greatest event time of an admitted event"),
          Map.entry("freshness.live_rows", "events in open blocks; only where partition is null"),
          Map.entry("freshness.live_bytes", "their size; only where partition is null"),
          Map.entry(
              "freshness.sealed_blocks",
              "sealed blocks not yet seen in the table; only where partition is null"),
          Map.entry("rejected.reason", "see [rejection reasons](rejection-reasons.md)"),
          Map.entry("rejected.detail", "explanation for people, not a format"),
          Map.entry("rejected.kafka_topic", "topic of the message"),
          Map.entry("rejected.kafka_partition", "partition of the message"),
          Map.entry("rejected.kafka_offset", "offset of the message"),
          Map.entry(
              "rejected.kafka_index",
              "place of a rejected element in its message; 0 for a message"),
          Map.entry("rejected.rejected_at", "when the job rejected it"),
          Map.entry(
              "rejected.original", "bytes of the message or its element; null if it had no value"),
          Map.entry("rejected.original_text", "the same as text"),
          Map.entry(
              "rejected.envelope",
              "[envelope](formats.md#elements) of a rejected element; null for a message"),
          Map.entry("duplicates.app", "app of the event"),
          Map.entry("duplicates.identity", "JSON object of the app and the identity's fields"),
          Map.entry("duplicates.kind", "`natural`, `conflicting` or `unknown`"),
          Map.entry("duplicates.upload_time", "upload time of the dropped copy"),
          Map.entry("duplicates.kafka_topic", "topic of the dropped copy"),
          Map.entry("duplicates.kafka_partition", "partition of the dropped copy"),
          Map.entry("duplicates.kafka_offset", "offset of the dropped copy"),
          Map.entry(
              "duplicates.kafka_index", "place of the dropped copy among its message's elements"),
          Map.entry(
              "duplicates.gap_blocks",
              "block of the dropped copy less block of the first copy, in whole blocks"),
          Map.entry("duplicates.dropped_at", "when the job dropped it"));

  private static final Map<String, String> KEYS =
      EventSchema.columns().stream()
          .collect(Collectors.toMap(Column::name, column -> "key `%s`".formatted(column.key())));

  @Test
  void pageHasEveryOptionTableAndColumn() {
    ReferencePage.hold(
        "sql.md", SqlPageTest.class, "SQL", introduction() + options() + tables() + procedures());
  }

  @Test
  void everyMeaningBelongsToAColumn() {
    assertThat(MEANINGS.keySet())
        .allMatch(
            name -> tables().contains("| `%s` |".formatted(name.substring(name.indexOf('.') + 1))));
  }

  private static String introduction() {
    return """
    Nova adds one catalog type to Flink SQL. Its database `nova` has the tables, its database
    `sys` the procedures. No statement changes its tables.

        CREATE CATALOG nova WITH ('type' = 'nova', 'warehouse' = 'hdfs:///warehouse');
        USE CATALOG nova;
        SELECT event_type, COUNT(*) FROM events GROUP BY event_type;

    The guide to [querying](../guides/querying.md) says what an answer promises.

    """;
  }

  private static String options() {
    NovaCatalogFactory factory = new NovaCatalogFactory();
    List<ConfigOption<?>> ofTable =
        ReadOptions.ofTable().stream()
            .filter(option -> HINTS_ONLY.contains(option.key()))
            .collect(Collectors.toList());
    return """
    ## Options of the catalog

    They go into `CREATE CATALOG`. `warehouse` is required.

    %s| `kafka.property.*` |  | Any setting of Kafka's clients, such as `security.protocol`. |
    | `catalog.*` |  | Any property of the Iceberg catalog, such as uri. No secrets. |

    ## Options of a query

    A hint sets an option for one query:

        SELECT COUNT(*) FROM events /*+ OPTIONS('read' = 'committed') */;

    All options of the catalog that begin with `read`, `completeness`, `live.` or `scan.` work as
    hints. These options work as hints only:

    %s
    """
        .formatted(
            optionTable(factory.requiredOptions()) + optionRows(factory.optionalOptions()),
            optionTable(ofTable));
  }

  private static String optionTable(Collection<ConfigOption<?>> options) {
    return "| option | default | meaning |\n|---|---|---|\n" + optionRows(options);
  }

  private static String optionRows(Collection<ConfigOption<?>> options) {
    return options.stream()
        .sorted(Comparator.comparing(option -> option.key()))
        .map(SqlPageTest::row)
        .collect(Collectors.joining());
  }

  private static String row(ConfigOption<?> option) {
    return "| `%s` | %s | %s |\n"
        .formatted(
            option.key(),
            option.hasDefaultValue() ? shown(option.defaultValue()) : "",
            new HtmlFormatter().format(option.description()));
  }

  private static String shown(Object value) {
    return value instanceof Duration duration
        ? TimeUtils.formatWithHighestUnit(duration)
        : value.toString().toLowerCase(Locale.ROOT);
  }

  private static String tables() {
    StringBuilder tables = new StringBuilder("\n## Tables\n");
    tables.append(
        table(
            "events",
            "Every admitted event of batches that are not completed, each exactly once",
            new EventColumns(IcebergWarehouse.SCHEMA).flinkSchema()));
    tables.append(
        """

        ### `lambda_events`

        The rows of `nova.batch_events` for completed batches, and those of `events` for all others. It
        has the columns of `events`. `shard` and the columns `kafka_*` are null where the batch layer does
        not keep them.
        """);
    for (SystemTable table : SystemTable.values()) {
      tables.append(table(table.title(), table.comment(), table.columns()));
    }
    for (TopicTable table : TopicTable.ALL) {
      tables.append(table(table.name(), table.comment(), table.viewColumns()));
    }
    return tables
        .append(
            """

            Quote `user`, `identity` and `freshness` with backticks: they are reserved words.
            `blocks` and `freshness` take the same read options as `events`.
            `rejected` and `duplicates` need `kafka.bootstrap-servers` in the catalog. They read their
            topic from its beginning to its end at the time of the query.
            `rejected_log` and `duplicates_log` hold every record of the topic, repeats included.
            """)
        .toString();
  }

  private static String procedures() {
    return Arrays.stream(BatchProcedure.values())
        .map(one -> procedure(one, hint(one)))
        .collect(
            Collectors.joining(
                "",
                """

                ## Procedures

                They belong to database `sys` and are called by name or by position:

                    CALL nova.sys.close_batch(batch => '2026-11-21');

                Those that change something need the catalog option `procedures` = `all`.
                Over JDBC use `execute`, not `executeQuery`. A batch is the UTC day or time at which
                it begins, or its number. The state of a request is `closed`, `completed`,
                `withdrawn`, `retired`, `expired` or `pending`. A refused request is an error.

                | procedure | arguments | columns of its result | meaning |
                |---|---|---|---|
                """,
                ""));
  }

  private static ProcedureHint hint(BatchProcedure procedure) {
    return Arrays.stream(procedure.type().getMethods())
        .flatMap(method -> Arrays.stream(method.getAnnotationsByType(ProcedureHint.class)))
        .findFirst()
        .orElseThrow();
  }

  private static String procedure(BatchProcedure procedure, ProcedureHint hint) {
    String arguments =
        Arrays.stream(hint.arguments())
            .map(
                one ->
                    "`%s %s`%s"
                        .formatted(
                            one.name(), one.type().value(), one.isOptional() ? " (optional)" : ""))
            .collect(Collectors.joining(", "));
    String columns = hint.output().value().replaceFirst("ROW<(.*)>", "$1").replace("`", "");
    return "| `%s` | %s | `%s` | %s. |\n"
        .formatted(procedure.title(), arguments, columns, procedure.comment());
  }

  private static String table(String name, String comment, Schema schema) {
    String rows =
        schema.getColumns().stream()
            .map(
                column ->
                    "| `%s` | %s | %s |\n"
                        .formatted(column.getName(), type(column), meaning(name, column.getName())))
            .collect(Collectors.joining());
    return "\n### `%s`\n\n%s.\n\n| column | type | meaning |\n|---|---|---|\n%s"
        .formatted(name, comment, rows);
  }

  private static String type(Schema.UnresolvedColumn column) {
    if (column instanceof Schema.UnresolvedPhysicalColumn physical) {
      return physical.getDataType().toString();
    }
    return column instanceof Schema.UnresolvedMetadataColumn metadata
        ? metadata.getDataType().toString()
        : "TIMESTAMP_LTZ(6)";
  }

  private static String meaning(String table, String column) {
    String meaning = MEANINGS.get(table + "." + column);
    if (meaning == null && table.equals("events")) {
      meaning = KEYS.get(column);
    }
    assertThat(meaning).as("what column %s of table %s means", column, table).isNotNull();
    return meaning;
  }
}
