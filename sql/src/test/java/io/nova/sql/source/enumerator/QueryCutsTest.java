package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.live.Completeness;
import io.nova.sql.live.Cut;
import io.nova.sql.live.CutProtocol;
import io.nova.sql.live.FakeJob;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.enumerator.QueryCuts.Query;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueryCutsTest {
  private static final LiveAccess ACCESS = new LiveAccess(Completeness.STRICT, "", Duration.ZERO);

  private final FakeJob job = new FakeJob(2);
  private final AtomicInteger taken = new AtomicInteger();

  private Cut acquire(Query query) {
    return QueryCuts.acquire(query, this::take);
  }

  private LeasedCut take() {
    taken.incrementAndGet();
    return new LeasedCut(new CutProtocol(job::table, job, ACCESS, () -> false).take(), job);
  }

  private static Query query(String jobId) {
    return new Query(jobId, new Warehouse("/w"), ACCESS);
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
    while (job.renewals.get() < 4) {
      Thread.sleep(5);
    }
    QueryCuts.release(query("e"));
    assertThat(job.leases).isEmpty();
  }
}
