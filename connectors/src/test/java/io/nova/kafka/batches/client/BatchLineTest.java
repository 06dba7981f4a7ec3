package io.nova.kafka.batches.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.HandoffProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchLineTest {
  private static HandoffProperties.Batch batch(long number, @Nullable Long withdrawnAtMs) {
    return new HandoffProperties.Batch(
        number, "link-" + number, 7, "", 1, "nova", 2L, "me", withdrawnAtMs, null, null, false);
  }

  @Test
  void theHeadsListAndTheNumbersDecideOnTheState() {
    ClosedBatches closed =
        new ClosedBatches(
            List.of(
                new ClosedBatch(12, "link-12"),
                new ClosedBatch(13, "link-13"),
                new ClosedBatch(14, "link-14")));
    HandoffProperties handoff =
        new HandoffProperties(
            1,
            12,
            11,
            "topic",
            5,
            List.of(
                batch(11, null), batch(12, null), batch(13, 3L), batch(14, null), batch(15, null)));

    assertThat(BatchLine.of(new TableBatches(closed, handoff), Duration.ofDays(1)))
        .extracting(line -> line.name() + " " + line.state().title())
        .containsExactly(
            "1970-01-12 removed",
            "1970-01-13 completed",
            "1970-01-14 withdrawn",
            "1970-01-15 closed",
            "1970-01-16 open");
  }

  @Test
  void aBatchThatOnlyTheHeadListsHasItsLinkAlone() {
    ClosedBatches closed = new ClosedBatches(List.of(new ClosedBatch(12, "link-12")));

    assertThat(BatchLine.of(new TableBatches(closed, HandoffProperties.NONE), Duration.ofHours(1)))
        .containsExactly(
            new BatchLine(
                "1970-01-01T12:00Z",
                12,
                BatchLine.State.CLOSED,
                "link-12",
                null,
                null,
                (Instant) null,
                null,
                null,
                null,
                null,
                null,
                null,
                false));
  }
}
