package io.nova.sql.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.commit.HandoffProperties;
import io.nova.system.BatchRows;
import io.nova.sql.TestEvents;
import io.nova.sql.TestJob;
import io.nova.sql.source.Warehouse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system table {@code batches} while days are closed, completed and removed. */
class BatchRowsTest {
  private static final long DAY_1 = 20_777;
  private static final int STATE = 4;
  private static final int LINK = 8;

  @TempDir private Path folder;
  private TestJob job;
  private final TestEvents events = new TestEvents(1);

  @BeforeEach
  void start() {
    job = new TestJob(folder);
  }

  @AfterEach
  void stop() {
    job.close();
  }

  private void commit(String from, int count) {
    for (Record row : events.uploaded(from, 1, count)) {
      job.admitUnseen(row, (Long) row.getField("kafka_offset"));
    }
    job.seal();
    job.commit();
  }

  private List<RowData> rows() {
    return FlinkValues.rows(BatchRows.of(new Warehouse(folder.toString()).table()));
  }

  private static String line(RowData row) {
    return "%s %s %s rows %s files %s"
        .formatted(
            row.getString(0),
            row.getLong(1),
            row.getString(STATE),
            row.isNullAt(5) ? "?" : row.getLong(5),
            row.isNullAt(6) ? "?" : row.getLong(6) > 0);
  }

  private List<String> lines() {
    return rows().stream().map(BatchRowsTest::line).toList();
  }

  @Test
  void eachBatchHasItsStateSizeAndTimes() {
    assertThat(lines()).isEmpty();
    commit("2026-11-20T10:00:00Z", 30);
    commit("2026-11-21T10:00:00Z", 20);
    String today = "2026-11-21 20778 open rows 20 files true";
    assertThat(lines()).containsExactly("2026-11-20 20777 open rows 30 files true", today);
    assertThat(rows().get(0).getTimestamp(2, 3).toInstant())
        .isEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
    assertThat(rows().get(0).getTimestamp(3, 3).toInstant())
        .isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));

    job.closeUpTo(DAY_1, "alice");
    assertThat(lines()).containsExactly("2026-11-20 20777 closed rows 30 files true", today);
    RowData closed = rows().get(0);
    assertThat(closed.getString(LINK))
        .hasToString(
            HandoffProperties.of(job.iceberg().properties()).batch(DAY_1).orElseThrow().link());
    assertThat(closed.getString(10)).hasToString("alice");
    assertThat(closed.isNullAt(11)).isTrue();

    job.completeClosed(DAY_1, Instant.ofEpochSecond(2));
    assertThat(lines()).containsExactly("2026-11-20 20777 completed rows 30 files true", today);
    assertThat(rows().get(0).getTimestamp(11, 3).toInstant()).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(rows().get(0).getString(12)).hasToString("etl");
    assertThat(rows().get(0).getBoolean(13)).as("forced").isFalse();

    job.withdraw(DAY_1, Instant.ofEpochSecond(3));
    assertThat(lines()).containsExactly("2026-11-20 20777 withdrawn rows 30 files true", today);
    assertThat(rows().get(0).getTimestamp(14, 3).toInstant()).isEqualTo(Instant.ofEpochSecond(3));
    assertThat(rows().get(0).getString(15)).hasToString("bob");
  }

  @Test
  void removedBatchHasTheSizeOfItsTagAndThenItsRowsOnly() {
    commit("2026-11-20T10:00:00Z", 30);
    job.closeUpTo(DAY_1 + 1, "alice");
    job.completeClosed(DAY_1, Instant.ofEpochSecond(2));
    job.removeCompleted(Instant.ofEpochSecond(3));
    job.completeClosed(DAY_1 + 1, Instant.ofEpochSecond(4));
    assertThat(lines())
        .containsExactly(
            "2026-11-20 20777 removed rows 30 files true",
            "2026-11-21 20778 completed rows 0 files false");
    job.iceberg().manageSnapshots().removeTag("batch-" + DAY_1).commit();
    assertThat(lines().get(0)).isEqualTo("2026-11-20 20777 removed rows 30 files ?");
    assertThat(rows().get(0).getTimestamp(16, 3).toInstant()).isEqualTo(Instant.ofEpochSecond(3));
  }
}
