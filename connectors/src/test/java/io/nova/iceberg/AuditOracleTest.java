package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.event.audit.AuditDigest;
import io.nova.event.audit.AuditedIdentity;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, with the statement of the guide, finds the audit's figures in the table's files. */
class AuditOracleTest {
  private static final Path GUIDE = Path.of("../docs/guides/audit.md");
  private static final Pattern STATEMENT = Pattern.compile("(?s)```sql\\n(.*?)```");

  @TempDir private Path folder;

  private static Events event(int i) {
    Events event =
        Events.at("1%d:02".formatted(i % 2))
            .app(1 + i % 3)
            .device("é,\\\"-" + i % 5)
            .id("i" + i)
            .with("event_id", Integer.toString(i))
            .with("client_event_time", "\"1969-12-31 23:59:%02d.000001\"".formatted(i % 60));
    return i % 4 == 0 ? event.without("$insert_id").with("uuid", "\"u%d\"".formatted(i)) : event;
  }

  private Chunk chunk(NovaWarehouse warehouse) {
    CommitChain chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    Draft draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    List<BlockFile> files = new ArrayList<>();
    for (int hour = 0; hour < 2; hour++) {
      List<Events> events = new ArrayList<>();
      for (int i = hour; i < 400; i += 2) {
        events.add(event(i));
      }
      files.add(warehouse.write(events.toArray(Events[]::new)));
    }
    files.forEach(draft::add);
    Chunk chunk = warehouse.merge(files.toArray(BlockFile[]::new));
    draft.add(chunk);
    chain.apply(draft.draw(chain.generation(), new Tally()));
    return chunk;
  }

  private static AuditedIdentity audited(Record row) {
    OffsetDateTime clientTime = (OffsetDateTime) row.getField("client_event_time");
    return new AuditedIdentity(
        (Long) row.getField("app"),
        (Long) row.getField("event_id"),
        clientTime == null ? null : micros(clientTime),
        text(row, "device_id"),
        text(row, "insert_id"),
        text(row, "uuid"));
  }

  private static @Nullable String text(Record row, String column) {
    return (String) row.getField(column);
  }

  private static long micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
  }

  private static List<String> audit(List<Record> rows) {
    TreeMap<String, AuditDigest> digests = new TreeMap<>();
    for (Record row : rows) {
      long hour = micros((OffsetDateTime) row.getField("server_upload_time")) / 3_600_000_000L;
      digests
          .computeIfAbsent("%s %d".formatted(row.getField("app"), hour), key -> new AuditDigest())
          .add(audited(row));
    }
    return digests.entrySet().stream()
        .map(one -> "%s %d %s".formatted(one.getKey(), one.getValue().rows(), one.getValue().hex()))
        .toList();
  }

  private static String statement() throws IOException {
    Matcher found = STATEMENT.matcher(Files.readString(GUIDE));
    assertThat(found.find()).as("SQL in %s", GUIDE).isTrue();
    return found.group(1);
  }

  private static List<String> duckDb(Chunk chunk) throws SQLException, IOException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE VIEW batch_events AS FROM '" + chunk.path().replaceFirst("^file:", "") + "'");
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

  @Test
  void duckDbFindsTheSameRowsAndDigests() throws SQLException, IOException {
    NovaWarehouse warehouse = new NovaWarehouse(folder);
    Chunk chunk = chunk(warehouse);

    List<String> rows = duckDb(chunk);
    assertThat(rows).hasSize(6).isEqualTo(audit(warehouse.rows()));
    AuditDigest sum = new AuditDigest();
    for (String row : rows) {
      String[] figures = row.split(" ", -1);
      sum.add(AuditDigest.of(Long.parseLong(figures[2]), figures[3]));
    }
    assertThat(chunk.digest()).isEqualTo(sum.hex());
    assertThat(chunk.rows()).isEqualTo(sum.rows());
  }
}
