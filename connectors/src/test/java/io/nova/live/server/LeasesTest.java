package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.BlockView;
import io.nova.shard.ShardState.SegmentId;
import io.nova.shard.log.SegmentView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final SegmentView SPILLED = new SegmentView.Spilled(new SegmentId(0, 0), 1, 1);

  private long nowNanos = Long.MAX_VALUE - 5;
  private final Leases leases =
      new Leases(
          new LiveServerOptions(
              "h",
              0,
              0,
              "t",
              Optional.empty(),
              1,
              3,
              Duration.ofSeconds(60),
              Duration.ofMinutes(10),
              1_000,
              1,
              Duration.ofSeconds(1)),
          () -> nowNanos);

  private static SegmentView full(int bytes) {
    return new SegmentView.Full(new byte[bytes]);
  }

  private static SubtaskView view(SegmentView... segments) {
    BlockView block = new BlockView(0, 0, 1, 1, List.of(segments));
    return new SubtaskView(
        "g",
        List.of(),
        List.of(block),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        Checkpointed.NOTHING);
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  private void assertOver(Lease lease, String reason) {
    assertThatThrownBy(() -> leases.use(lease.name()))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(410))
        .hasMessageContaining(reason);
  }

  @Test
  void useLetsALeaseLastAnewUntilItIsTooOld() throws LiveException {
    Lease lease = leases.pin(view());
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(59));
      assertThat(leases.use(lease.name())).isSameAs(lease);
    }
    pass(Duration.ofSeconds(11));

    assertOver(lease, "older than PT10M");
  }

  @Test
  void unusedLeaseIsOver() throws LiveException {
    Lease lease = leases.pin(view());
    pass(Duration.ofSeconds(61));

    assertOver(lease, "not used for PT1M");
  }

  @Test
  void leasesCostNothingWhileTheSubtaskHoldsTheirRowsAnyway() throws LiveException {
    SegmentView shared = full(100_000);
    Lease lease = leases.pin(view(shared));
    leases.sweep(view(shared, full(5)));

    assertThat(leases.use(lease.name())).isSameAs(lease);
  }

  @Test
  void oldestLeasesEndWhenAllKeepMoreThanTheyMay() throws LiveException {
    SegmentView left = full(600);
    Lease oldest = leases.pin(view(full(500)));
    Lease older = leases.pin(view(left));
    Lease newest = leases.pin(view(left));
    leases.sweep(view(SPILLED));

    assertOver(oldest, "more than 1000 bytes");
    assertThat(leases.use(older.name())).isSameAs(older);
    assertThat(leases.use(newest.name())).isSameAs(newest);
    assertThat(leases.size()).isEqualTo(2);
  }

  @Test
  void rowsKeptByALeaseWhichEndsDoNotEndTheOthers() throws LiveException {
    Lease small = leases.pin(view(full(400)));
    Lease large = leases.pin(view(full(2_000)));
    leases.sweep(null);

    assertOver(large, "more than 1000 bytes");
    assertThat(leases.use(small.name())).isSameAs(small);
  }
}
