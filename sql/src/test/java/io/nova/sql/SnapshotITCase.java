package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each query reads one snapshot, whatever happens to the table meanwhile. */
class SnapshotITCase {
  private static final AtomicReference<Runnable> MEANWHILE = new AtomicReference<>();

  @TempDir private Path folder;
  private IcebergWarehouse warehouse;
  private EmbeddedSql sql;
  private List<Record> first;
  private final TestEvents events = new TestEvents(3);

  /** Returns its argument. At the first row it runs an action of the test. */
  public static final class Meanwhile extends ScalarFunction {
    private static final long serialVersionUID = 1L;

    /** Called by Flink for each row. */
    public String eval(String text) {
      Runnable action = MEANWHILE.getAndSet(null);
      if (action != null) {
        action.run();
      }
      return text;
    }
  }

  @BeforeEach
  void fill() {
    warehouse = new IcebergWarehouse(folder);
    first = events.uploaded("2026-11-20T00:00:00Z", 1, 3_000);
    warehouse.appendBlockFile(first);
    sql = EmbeddedSql.batch(warehouse.location());
    sql.tables().createTemporarySystemFunction("meanwhile", Meanwhile.class);
  }

  @AfterEach
  void close() throws Exception {
    MEANWHILE.set(null);
  }

  private void mergeAndAppend() {
    warehouse.mergeBlockFiles(20_777, first);
    warehouse.appendChunk(events.uploaded("2026-11-20T01:00:00Z", 1, 500));
  }

  @Test
  void commitsDuringAQueryDoNotChangeItsAnswer() {
    MEANWHILE.set(this::mergeAndAppend);
    String query = "SELECT COUNT(meanwhile(insert_id)), COUNT(DISTINCT insert_id) FROM events";
    assertThat(sql.one(query)).isEqualTo(Row.of(3_000L, 3_000L));
    assertThat(MEANWHILE.get()).isNull();
    assertThat(sql.one(query)).isEqualTo(Row.of(3_500L, 3_500L));
  }

  @Test
  void allScansOfOneQueryReadTheSameSnapshot() {
    MEANWHILE.set(this::mergeAndAppend);
    Row found =
        sql.one(
            "SELECT (SELECT COUNT(meanwhile(insert_id)) FROM events),"
                + " (SELECT COUNT(*) FROM events WHERE app >= 0 AND event_type IN"
                + " (SELECT meanwhile(event_type) FROM events))");
    assertThat(found.getField(1)).isEqualTo(found.getField(0)).isEqualTo(3_000L);
    // The scans agree by the id of their Flink job (see QueryPlanTest).
    List<String> snapshots = CapturedMetrics.valuesByJob("nova.snapshotId");
    assertThat(snapshots)
        .hasSizeGreaterThan(1)
        .allSatisfy(s -> assertThat(s).matches("\\w{32}:.*"));
    assertThat(snapshots.stream().distinct()).hasSize(1);
  }

  @Test
  void olderSnapshotIsReadWhenAHintNamesIt() {
    long before = warehouse.table().currentSnapshot().snapshotId();
    mergeAndAppend();
    String hinted = "SELECT COUNT(*) FROM events /*+ OPTIONS('snapshot-id' = '%s') */";
    assertThat(sql.one(hinted.formatted(before)).getField(0)).isEqualTo(3_000L);
    assertThatThrownBy(() -> sql.one(hinted.formatted(5)))
        .hasStackTraceContaining("there is no snapshot 5");
  }

  @Test
  void tableWithoutASnapshotIsEmpty(@TempDir Path other) throws Exception {
    IcebergWarehouse empty = new IcebergWarehouse(other);
    Row found = EmbeddedSql.batch(empty.location()).one("SELECT COUNT(*), MAX(app) FROM events");
    assertThat(found).isEqualTo(Row.of(0L, null));
  }
}
