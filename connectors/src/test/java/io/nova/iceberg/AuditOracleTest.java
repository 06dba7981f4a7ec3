package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.event.audit.AuditDigest;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, with the statement of the guide, finds the audit's figures in the table's files. */
class AuditOracleTest {
  private static final Path GUIDE = Path.of("../docs/guides/audit.md");
  private static final Pattern STATEMENT = Pattern.compile("(?s)```sql\\n(.*?)```");

  @TempDir private Path folder;

  private static Events event(String day, int i) {
    Events event =
        Events.at("%s 1%d:02:00".formatted(day, i % 2))
            .app(1 + i % 3)
            .device("é,\\\"-" + i % 5)
            .id("i" + i)
            .with("event_id", Integer.toString(i))
            .with("client_event_time", "\"1969-12-31 23:59:%02d.000001\"".formatted(i % 60));
    return i % 4 == 0 ? event.without("$insert_id").with("uuid", "\"u%d\"".formatted(i)) : event;
  }

  /** One chunk for two hours of a day. */
  private static Chunk write(NovaWarehouse warehouse, Draft draft, String day) {
    List<BlockFile> files = new ArrayList<>();
    for (int hour = 0; hour < 2; hour++) {
      List<Events> events = new ArrayList<>();
      for (int i = hour; i < 400; i += 2) {
        events.add(event(day, i));
      }
      files.add(warehouse.write(events.toArray(Events[]::new)));
    }
    files.forEach(draft::add);
    Chunk chunk = warehouse.merge(files.toArray(BlockFile[]::new));
    draft.add(chunk);
    return chunk;
  }

  /** A tag as a closing link makes it: a side snapshot with the files of one batch. */
  private static void tag(Table table, long batch) {
    table
        .newDelete()
        .deleteFromRowFilter(Expressions.notEqual("batch_number", batch))
        .stageOnly()
        .commit();
    Snapshot side =
        StreamSupport.stream(table.snapshots().spliterator(), false)
            .max(Comparator.comparingLong(Snapshot::sequenceNumber))
            .orElseThrow();
    table.manageSnapshots().createTag("batch-" + batch, side.snapshotId()).commit();
  }

  private static String filesOf(Table table, long batch) throws IOException {
    List<String> paths = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useRef("batch-" + batch).planFiles()) {
      files.forEach(file -> paths.add("'" + file.file().location().replace("file:", "") + "'"));
    }
    return String.join(",", paths);
  }

  private static String statement() throws IOException {
    Matcher found = STATEMENT.matcher(Files.readString(GUIDE));
    assertThat(found.find()).as("SQL in %s", GUIDE).isTrue();
    return found.group(1);
  }

  private static List<String> duckDb(String files) throws SQLException, IOException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE VIEW batch_events AS FROM read_parquet([" + files + "])");
      try (ResultSet result = statement.executeQuery(statement())) {
        while (result.next()) {
          rows.add(
              "%d %d %d %s"
                  .formatted(
                      result.getLong(1),
                      result.getLong(2),
                      result.getLong(3),
                      result.getString(4)));
        }
      }
    }
    return rows;
  }

  private static String text(BatchAudit.Line line) {
    return "%d %d %d %s"
        .formatted(line.app(), line.hour().getEpochSecond() / 3600, line.rows(), line.digest());
  }

  @Test
  void duckDbFindsTheSameRowsAndDigestsInTheFilesOfTheTag() throws SQLException, IOException {
    NovaWarehouse warehouse = new NovaWarehouse(folder);
    CommitChain chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    Draft draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    Chunk chunk = write(warehouse, draft, "2026-11-20");
    long batch = chunk.batchNumber();
    write(warehouse, draft, "2026-11-21");
    chain.apply(draft.draw(chain.generation(), new Tally()));
    Table table = warehouse.open().iceberg();
    tag(table, batch);

    List<BatchAudit.Line> lines = BatchAudit.of(table, batch, "2026-11-20").lines();
    assertThat(lines)
        .extracting(AuditOracleTest::text)
        .hasSize(6)
        .isEqualTo(duckDb(filesOf(table, batch)));
    AuditDigest sum = new AuditDigest();
    lines.forEach(line -> sum.add(AuditDigest.of(line.rows(), line.digest())));
    assertThat(chunk.digest()).isEqualTo(sum.hex());
  }

  @Test
  void aBatchWithoutATagIsNamed() {
    Table table = new NovaWarehouse(folder).open().iceberg();

    assertThatThrownBy(() -> BatchAudit.of(table, 20_778, "2026-11-21"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Batch 2026-11-21: the table has no tag batch-20778");
  }
}
