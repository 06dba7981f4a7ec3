package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.iceberg.commit.CommitterState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries that follow the table during commits and merges. */
class FollowITCase {
  private static final String FOLLOW =
      "SELECT kafka_offset FROM events"
          + " /*+ OPTIONS('scan.mode' = 'follow', 'scan.check-interval' = '100 ms') */";
  private static final String FOLLOW_LIVE =
      FOLLOW.replace("'follow'", "'follow', 'read' = 'live', 'live.token' = 'a token'");

  private static final AtomicInteger ROWS_TO_FAILURE = new AtomicInteger();

  @TempDir private Path folder;
  private TestJob job;
  private EmbeddedSql sql;
  private final TestEvents events = new TestEvents(5);
  private final List<Long> admitted = new ArrayList<>();

  @BeforeEach
  void start() {
    job = new TestJob(folder);
    sql = EmbeddedSql.streaming(job.location());
  }

  @AfterEach
  void stop() {
    job.close();
  }

  private void commit(String from, int count) {
    List<Record> rows = events.uploaded(from, 1, count);
    rows.forEach(row -> admitted.add((Long) row.getField("kafka_offset")));
    job.admit(rows);
    job.seal();
    job.commit();
    job.seeTable();
  }

  private static List<Long> take(CloseableIterator<Row> result, int count) {
    ArrayList<Long> offsets = new ArrayList<>();
    while (offsets.size() < count && result.hasNext()) {
      offsets.add((Long) result.next().getField(0));
    }
    return offsets;
  }

  @Test
  void eachCommittedEventComesOnceWhileBlockFilesAreMerged() throws Exception {
    commit("2026-11-20T10:00:00Z", 100);
    ArrayList<Long> found = new ArrayList<>();
    try (CloseableIterator<Row> result = sql.tables().executeSql(FOLLOW).collect()) {
      found.addAll(take(result, 100));
      assertThat(found).containsExactlyInAnyOrderElementsOf(admitted);
      commit("2026-11-20T11:00:00Z", 50);
      job.merge();
      commit("2026-11-20T12:00:00Z", 30);
      found.addAll(take(result, 80));
      job.merge();
      commit("2026-11-20T13:00:00Z", 20);
      found.addAll(take(result, 20));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(admitted).hasSize(200);
  }

  private void admit(String from, int count) {
    List<Record> rows = events.uploaded(from, 1, count);
    rows.forEach(row -> admitted.add((Long) row.getField("kafka_offset")));
    job.admit(rows);
  }

  private void checkpoint() {
    job.checkpoint();
    job.notifyCheckpoint(0);
    job.notifyCheckpoint(1);
  }

  @Test
  void eventsInMemoryComeOnceACheckpointHoldsThemAndNotAgainWhenTheyAreCommitted()
      throws Exception {
    commit("2026-11-20T10:00:00Z", 40);
    admit("2026-11-20T11:00:00Z", 30);
    checkpoint();
    ArrayList<Long> found = new ArrayList<>();
    try (CloseableIterator<Row> result = sql.tables().executeSql(FOLLOW_LIVE).collect()) {
      found.addAll(take(result, 70));
      assertThat(found).containsExactlyInAnyOrderElementsOf(admitted);
      job.seal();
      admit("2026-11-20T12:00:00Z", 20);
      checkpoint();
      job.merge();
      found.addAll(take(result, 20));
      admit("2026-11-20T13:00:00Z", 10);
      checkpoint();
      found.addAll(take(result, 10));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(admitted).hasSize(100);
  }

  @Test
  void restartOfTheQueryShowsEachEventOfMemoryOnce() throws Exception {
    ROWS_TO_FAILURE.set(85);
    restartFromCheckpoints();
    commit("2026-11-20T10:00:00Z", 40);
    admit("2026-11-20T11:00:00Z", 30);
    checkpoint();
    ArrayList<Long> found = new ArrayList<>();
    String query = FOLLOW_LIVE.replace("SELECT kafka_offset", "SELECT fails_once(kafka_offset)");
    try (CloseableIterator<Row> result = sql.tables().executeSql(query).collect()) {
      found.addAll(take(result, 70));
      admit("2026-11-20T12:00:00Z", 50);
      checkpoint();
      found.addAll(take(result, 50));
      job.restart();
      admit("2026-11-20T13:00:00Z", 10);
      checkpoint();
      found.addAll(take(result, 10));
    }
    assertThat(ROWS_TO_FAILURE.get()).isNegative();
    assertThat(found).containsExactlyInAnyOrderElementsOf(admitted).hasSize(130);
  }

  @Test
  @Timeout(120)
  void jobThatWentBackFailsTheQueryLoudlyAlsoWhereItHasReadOnBeyondWhatWasShown() throws Exception {
    admit("2026-11-20T10:00:00Z", 30);
    checkpoint();
    TestJob.Checkpoint savepoint = job.lastCheckpoint();
    try (CloseableIterator<Row> result = sql.tables().executeSql(FOLLOW_LIVE).collect()) {
      assertThat(take(result, 30)).hasSize(30);
      admit("2026-11-20T11:00:00Z", 20);
      checkpoint();
      assertThat(take(result, 20)).hasSize(20);
      job.restart(savepoint);
      admit("2026-11-20T12:00:00Z", 50);
      checkpoint();
      assertThatThrownBy(result::hasNext)
          .hasStackTraceContaining("restored from an older savepoint")
          .hasStackTraceContaining("start it again");
    }
  }

  @Test
  @Timeout(120)
  void queryThatFindsNobodyFailsAndNamesTheKeyGroups() throws Exception {
    job.kill(1);
    String query = FOLLOW_LIVE.replace("'follow'", "'follow', 'live.wait' = '1 s'");
    try (CloseableIterator<Row> result = sql.tables().executeSql(query).collect()) {
      assertThatThrownBy(result::hasNext).hasStackTraceContaining("key groups 2-3");
    }
  }

  /** Returns its argument and fails once, at a row that the test chooses. */
  public static final class FailsOnce extends ScalarFunction {
    private static final long serialVersionUID = 1L;

    /** Called by Flink for each row. */
    public Long eval(Long offset) {
      if (ROWS_TO_FAILURE.decrementAndGet() == 0) {
        throw new IllegalStateException("fails once, for the test");
      }
      return offset;
    }
  }

  private void restartFromCheckpoints() {
    TableConfig settings = sql.tables().getConfig();
    settings.set("execution.checkpointing.interval", "100 ms");
    settings.set("restart-strategy.type", "fixed-delay");
    settings.set("restart-strategy.fixed-delay.attempts", "3");
    settings.set("restart-strategy.fixed-delay.delay", "100 ms");
    sql.tables().createTemporarySystemFunction("fails_once", FailsOnce.class);
  }

  @Test
  void restartFromACheckpointShowsEachEventOnce() throws Exception {
    ROWS_TO_FAILURE.set(130);
    restartFromCheckpoints();
    commit("2026-11-20T10:00:00Z", 100);
    ArrayList<Long> found = new ArrayList<>();
    String query = FOLLOW.replace("SELECT kafka_offset", "SELECT fails_once(kafka_offset)");
    try (CloseableIterator<Row> result = sql.tables().executeSql(query).collect()) {
      found.addAll(take(result, 100));
      commit("2026-11-20T11:00:00Z", 50);
      job.merge();
      found.addAll(take(result, 50));
      commit("2026-11-20T12:00:00Z", 20);
      found.addAll(take(result, 20));
    }
    assertThat(ROWS_TO_FAILURE.get()).isNegative();
    assertThat(found).containsExactlyInAnyOrderElementsOf(admitted).hasSize(170);
  }

  @Test
  @Timeout(120)
  void tableThatWentBackFailsTheQueryLoudly() throws Exception {
    commit("2026-11-20T10:00:00Z", 40);
    CommitterState savepoint = job.savepoint();
    sql.tables().getConfig().set("restart-strategy.type", "exponential-delay");
    try (CloseableIterator<Row> result = sql.tables().executeSql(FOLLOW).collect()) {
      assertThat(take(result, 40)).hasSize(40);
      commit("2026-11-20T11:00:00Z", 10);
      assertThat(take(result, 10)).hasSize(10);
      job.restoreCommitter(savepoint);
      assertThatThrownBy(result::hasNext)
          .hasStackTraceContaining("it went back to before snapshot")
          .hasStackTraceContaining("start it again");
    }
  }

  @Test
  void restartOfTheJobWithoutGoingBackIsFollowed() throws Exception {
    commit("2026-11-20T10:00:00Z", 40);
    try (CloseableIterator<Row> result = sql.tables().executeSql(FOLLOW).collect()) {
      assertThat(take(result, 40)).hasSize(40);
      job.restoreCommitter(job.savepoint());
      commit("2026-11-20T11:00:00Z", 10);
      assertThat(take(result, 10)).hasSize(10);
    }
  }

  @Test
  void followingHasNoEndSoBatchModeRefusesIt() {
    EmbeddedSql batch = EmbeddedSql.batch(job.location());
    assertThatThrownBy(() -> batch.query(FOLLOW)).hasStackTraceContaining("unbounded");
    assertThatThrownBy(() -> sql.query(FOLLOW.replace("'follow'", "'follow', 'snapshot-id' = '5'")))
        .hasStackTraceContaining("'scan.mode': found follow together with a snapshot");
  }
}
