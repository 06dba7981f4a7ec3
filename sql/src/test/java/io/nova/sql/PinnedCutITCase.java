package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.live.cut.StoredCut;
import io.nova.live.cut.StoredCuts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries with the option {@code live.cut}, while blocks move, against the rows at the pin. */
class PinnedCutITCase extends JobQueries {
  private static final String ID = "cut-1";
  private static final String SELECT =
      "SELECT COUNT(*), COUNT(DISTINCT insert_id), SUM(event_id) FROM events";
  private static final String ON_CUT = " /*+ OPTIONS('live.cut' = '" + ID + "') */";

  PinnedCutITCase() {
    super(23);
  }

  /** Pins as the console does. */
  private LeasedCut pin() throws IOException {
    EventTable table = EventTable.find(job.location()).orElseThrow();
    ServedViews views =
        new ServedViews(new LiveClient(Optional.empty(), TestJob.TOKEN, Duration.ofSeconds(5)));
    LeasedCut leased =
        LeasedCut.take(
            table,
            views,
            new LiveAccess(Completeness.STRICT, TestJob.TOKEN, Duration.ofSeconds(5)));
    long end = System.currentTimeMillis() + 300_000;
    new StoredCuts(table.location()).write(StoredCut.of(ID, end, leased.cut()));
    return leased;
  }

  private static Row expected(List<Record> rows) {
    long sum = rows.stream().mapToLong(row -> (Long) row.getField("event_id")).sum();
    return Row.of((long) rows.size(), (long) rows.size(), sum);
  }

  private Row onCut() {
    return sql.one(SELECT + ON_CUT);
  }

  @Test
  @Timeout(300)
  void theRowsOfTheCutStayWhileBlocksMove() throws Exception {
    admit("2026-11-20T22:00:00Z", 200);
    job.seal();
    job.commit();
    admit("2026-11-20T22:00:00Z", 100);
    job.seal();
    admit("2026-11-21T00:00:00Z", 50);
    Row before = expected(admitted);
    try (LeasedCut leased = pin()) {
      assertThat(leased.cut().openRows()).isEqualTo(50);
      assertThat(onCut()).isEqualTo(before);
      admit("2026-11-21T00:00:00Z", 30);
      assertThat(onCut()).isEqualTo(before);
      job.seal();
      job.commit();
      assertThat(onCut()).isEqualTo(before);
      job.merge();
      job.seeTable();
      assertThat(onCut()).isEqualTo(before);
      assertThat(sql.one(SELECT)).isEqualTo(expected(admitted));
    }
    assertThat(job.leases()).isZero();
  }

  @Test
  @Timeout(300)
  void aCutWhoseLeaseOrServerHasEndedIsLost() throws Exception {
    admit("2026-11-21T00:00:00Z", 50);
    LeasedCut leased = pin();
    assertThat(onCut()).isEqualTo(expected(admitted));
    job.kill(1);
    assertThatThrownBy(this::onCut)
        .hasStackTraceContaining("the cut " + ID + " is lost")
        .hasStackTraceContaining("subtask 1");
    leased.close();
    assertThatThrownBy(this::onCut).hasStackTraceContaining("the cut " + ID + " is lost");
  }

  @Test
  void otherOptionsOfThePastAreRefusedBesideACut() {
    admit("2026-11-21T00:00:00Z", 5);
    for (String other :
        List.of("'read' = 'committed'", "'snapshot-id' = '1'", "'scan.mode' = 'follow'")) {
      assertThatThrownBy(() -> sql.one(SELECT + " /*+ OPTIONS('live.cut' = 'x', " + other + ") */"))
          .as(other)
          .hasStackTraceContaining("Option 'live.cut'");
    }
    assertThatThrownBy(() -> sql.one(SELECT + " /*+ OPTIONS('live.cut' = '../x') */"))
        .hasStackTraceContaining("letters, digits and hyphens");
    assertThatThrownBy(() -> sql.one(SELECT + " /*+ OPTIONS('live.cut' = 'unknown') */"))
        .hasStackTraceContaining("no pinned cut has this id");
  }
}
