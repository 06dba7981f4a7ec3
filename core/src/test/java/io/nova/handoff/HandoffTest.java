package io.nova.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoffTest {
  private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

  private final List<Long> closed = new ArrayList<>();
  private final Handoff handoff =
      new Handoff(
          new CloseJudge("events", Duration.ofDays(1), Duration.ofHours(1), InstantSource.system()),
          new PartitionStates(Set.of(0), Set.of(), List.of()),
          HandoffState.first("id"),
          new Handoff.Orders() {
            @Override
            public void closeUpTo(long batch, String by) {
              closed.add(batch);
            }

            @Override
            public void apply(OpenRequest request) {}
          });

  @Test
  void aCloseThatWasTakenLeavesTheState() {
    String request =
        new String(
            BatchRequest.close(20514, false, List.of(), "alice", 1).write(),
            StandardCharsets.UTF_8);
    handoff.read(new BatchRecord(0, "r1", BatchRecord.REQUEST, request), 1);
    handoff.begin();
    assertThat(handoff.snapshot(1).open()).hasSize(1);

    handoff.partitions().read(0, 20515 * DAY_MICROS, 7);
    handoff.judge(1);
    assertThat(closed).containsExactly(20514L);
    assertThat(handoff.snapshot(2).open()).isEmpty();
  }
}
