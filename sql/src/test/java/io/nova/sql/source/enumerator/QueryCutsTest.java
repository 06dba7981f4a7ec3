package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.Waiting;
import io.nova.handoff.BatchNumbers;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.Cut;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.LiveViews;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.enumerator.QueryCuts.Query;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryCutsTest {
  private static final LiveAccess ACCESS = new LiveAccess(Completeness.STRICT, "", Duration.ZERO);

  /** A job of two subtasks that remembers its leases. */
  private static final class Job implements LiveViews {
    private final Set<String> leases = new HashSet<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private boolean refusing;
    private long leaseMillis = 60_000;
    private int pins;

    @Override
    public List<Announcement> announced(String tableLocation, String generation) {
      return IntStream.range(0, 2).mapToObj(Job::subtask).toList();
    }

    private static Announcement subtask(int number) {
      return new Announcement(1, "g", number, 0, "host", 7000, false, "", false, List.of());
    }

    @Override
    public List<Answer> pin(List<Announcement> subtasks) {
      return subtasks.stream().map(subtask -> pin()).toList();
    }

    private Answer pin() {
      if (refusing) {
        return new Answer.Refused("the subtask refused");
      }
      String lease = "lease " + pins++;
      leases.add(lease);
      return new Answer.Pinned(
          new PinnedView(
              PinnedView.VERSION,
              lease,
              leaseMillis,
              "g",
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              Checkpointed.NOTHING));
    }

    /** A cut of both views. */
    private Cut cut() {
      List<Cut.View> views =
          announced("/w", "g").stream().map(subtask -> new Cut.View(subtask, pinned())).toList();
      return new Cut(
          Optional.of(1L),
          Optional.empty(),
          BatchNumbers.NONE,
          Optional.empty(),
          List.of(),
          views,
          List.of());
    }

    private PinnedView pinned() {
      if (pin() instanceof Answer.Pinned pinned) {
        return pinned.view();
      }
      throw new IllegalStateException("the subtask refused");
    }

    @Override
    public List<String> renew(List<Cut.View> pinned) {
      renewals.addAndGet(pinned.size());
      return List.of();
    }

    @Override
    public void release(List<Cut.View> pinned) {
      pinned.forEach(view -> leases.remove(view.pinned().lease()));
    }
  }

  private final Job job = new Job();
  private final AtomicInteger taken = new AtomicInteger();

  private Cut acquire(Query query) {
    return QueryCuts.acquire(query, this::take, cut -> cut);
  }

  private LeasedCut take() {
    taken.incrementAndGet();
    return LeasedCut.of(job.cut(), job);
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
    job.refusing = true;
    assertThatThrownBy(() -> acquire(query("d"))).hasMessageContaining("the subtask refused");
    job.refusing = false;
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
