package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Micros;
import io.nova.shard.BlockRules;
import io.nova.shard.HandedOffBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shards learn of completed batches that are shorter than the dedup window. */
class LastWindowsTest {
  private static final long DAY = HandoffTable.DAY;
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final Duration WINDOW = Duration.ofHours(30);
  private static final BlockRules RULES =
      new BlockRules(Duration.ofMinutes(5), WINDOW, WINDOW, WINDOW.multipliedBy(2), Duration.ZERO);

  @TempDir private Path folder;
  private HandoffTable events;

  @BeforeEach
  void twoBatchesAreCompleted() {
    events = new HandoffTable(folder.resolve("warehouse").toString());
    complete(DAY, 0);
    complete(DAY + 1, 1);
  }

  private void complete(long batch, long offset) {
    Link link = events.close(batch);
    events
        .handoff()
        .complete(batch, link.uuid(), null, new RequestPosition("topic", offset), "layer", NOON);
  }

  private List<Long> knownFrom() {
    return new LastWindows(events.warehouse.open(), RULES, Set.of(0))
        .of(0, Micros.UNKNOWN).stream().map(HandedOffBatch::knownFrom).toList();
  }

  @Test
  void allOfTheWindowIsKnownWhereEveryBatchHasItsTag() {
    assertThat(knownFrom()).containsExactly(Long.MIN_VALUE, Long.MIN_VALUE);
  }

  @Test
  void placesBeforeTheFirstTagAreUnknownWhereEarlierTagsMayBeDropped() {
    events.handoff().remove(NOON.plus(Duration.ofDays(2)), Duration.ofDays(1));

    assertThat(knownFrom()).containsExactly(DAY * 24 * 12, Long.MIN_VALUE);
  }
}
