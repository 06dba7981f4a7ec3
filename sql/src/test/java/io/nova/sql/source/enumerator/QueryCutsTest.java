package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.Waiting;
import io.nova.handoff.BatchNumbers;
import io.nova.sql.live.Completeness;
import io.nova.sql.live.Cut;
import io.nova.sql.live.FakeJob;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.enumerator.QueryCuts.Query;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueryCutsTest {
  private static final LiveAccess ACCESS = new LiveAccess(Completeness.STRICT, "", Duration.ZERO);

  private final FakeJob job = new FakeJob(2);
  private final AtomicInteger taken = new AtomicInteger();

  private Cut acquire(Query query) {
    return QueryCuts.acquire(query, this::take, cut -> cut);
  }

  private LeasedCut take() {
    taken.incrementAndGet();
    return LeasedCut.of(job.cuts(ACCESS, () -> false).take(), job);
  }

  private static Query query(String jobId) {
    return new Query(jobId, new Warehouse("/w"), Optional.of(ACCESS));
  }

  private static Query committedQuery(String jobId, String warehouse) {
    return new Query(jobId, new Warehouse(warehouse), Optional.empty());
  }

  private static Optional<Long> snapshotOf(Query query, Optional<Long> current) {
    Cut cut =
        new Cut(
            current,
            Optional.empty(),
            BatchNumbers.NONE,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of());
    return QueryCuts.acquire(query, () -> LeasedCut.committed(cut), same -> same).snapshotId();
  }

  @Test
  void firstScanOfACommittedQueryChoosesTheSnapshotForAll() {
    Query query = committedQuery("f", "/w");
    assertThat(snapshotOf(query, Optional.of(1L))).contains(1L);
    assertThat(snapshotOf(query, Optional.of(2L))).contains(1L);
    assertThat(snapshotOf(committedQuery("g", "/w"), Optional.of(2L))).contains(2L);
    assertThat(snapshotOf(committedQuery("f", "/v"), Optional.of(3L))).contains(3L);
  }

  @Test
  void emptyTableStaysEmptyForItsQuery() {
    Query query = committedQuery("h", "/w");
    assertThat(snapshotOf(query, Optional.empty())).isEmpty();
    assertThat(snapshotOf(query, Optional.of(1L))).isEmpty();
  }

  @Test
  void restartedCommittedQueryReadsTheSameSnapshotUntilManyOthersHaveEnded() {
    Query query = committedQuery("i", "/w");
    assertThat(snapshotOf(query, Optional.of(1L))).contains(1L);
    QueryCuts.release(query);
    assertThat(snapshotOf(query, Optional.of(2L))).contains(1L);
    QueryCuts.release(query);
    for (int i = 0; i < 1_001; i++) {
      Query other = committedQuery("other " + i, "/w");
      snapshotOf(other, Optional.of(3L));
      QueryCuts.release(other);
    }
    assertThat(snapshotOf(query, Optional.of(2L))).contains(2L);
    QueryCuts.release(query);
  }

  @Test
  void runningCommittedQueryIsNotForgotten() {
    Query query = committedQuery("j", "/w");
    assertThat(snapshotOf(query, Optional.of(1L))).contains(1L);
    for (int i = 0; i < 1_001; i++) {
      Query other = committedQuery("later " + i, "/w");
      snapshotOf(other, Optional.of(3L));
      QueryCuts.release(other);
    }
    assertThat(snapshotOf(query, Optional.of(2L))).contains(1L);
    QueryCuts.release(query);
    QueryCuts.release(query);
  }

  @Test
  void scansOfOneQueryShareACutWhoseLeasesEndWithTheLastOfThem() {
    Query query = query("a");
    assertThat(acquire(query)).isSameAs(acquire(query));
    assertThat(taken).hasValue(1);
    QueryCuts.release(query);
    assertThat(job.leases).hasSize(2);
    QueryCuts.release(query);
    assertThat(job.leases).isEmpty();
  }

  @Test
  void anotherQueryTakesACutOfItsOwn() {
    acquire(query("b"));
    acquire(query("c"));
    assertThat(taken).hasValue(2);
    QueryCuts.release(query("b"));
    assertThat(job.leases).hasSize(2);
    QueryCuts.release(query("c"));
    assertThat(job.leases).isEmpty();
  }

  @Test
  void cutThatFailedIsNotKept() {
    job.refusing.put(1, "subtask 1 refused");
    assertThatThrownBy(() -> acquire(query("d"))).hasMessageContaining("subtask 1 refused");
    job.refusing.clear();
    assertThat(acquire(query("d")).gaps()).isEmpty();
    QueryCuts.release(query("d"));
    assertThat(job.leases).isEmpty();
  }

  @Test
  void leasesAreRenewedWhileTheQueryReadsSlowly() throws InterruptedException {
    job.leaseMillis = 30;
    acquire(query("e"));
    Waiting.until(() -> job.renewals.get() >= 4);
    QueryCuts.release(query("e"));
    assertThat(job.leases).isEmpty();
  }
}
