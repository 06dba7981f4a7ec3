package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.iceberg.lifecycle.DiskLeft;
import io.nova.iceberg.lifecycle.HandoffBacklog;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoffBacklogTest {
  private static final long DAY = HandoffTable.DAY;

  @TempDir private Path folder;
  private HandoffTable events;

  @BeforeEach
  void begin() {
    events = new HandoffTable(folder.resolve("warehouse").toUri().toString());
  }

  private HandoffBacklog backlog() {
    return HandoffBacklog.of(events.properties());
  }

  @Test
  void closedBatchesWaitUntilTheyAreCompleted() {
    assertThat(backlog()).isEqualTo(HandoffBacklog.NONE);
    assertThat(backlog().ageSeconds(77_000)).isZero();

    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");
    long closedAtMs = events.properties().batch(DAY).orElseThrow().closedAtMs();
    assertThat(backlog()).isEqualTo(new HandoffBacklog(2, DAY, closedAtMs));
    assertThat(backlog().ageSeconds(closedAtMs + 77_999)).isEqualTo(77);

    complete(DAY, first, 0);
    assertThat(backlog().oldest()).isEqualTo(DAY + 1);
    complete(DAY + 1, second, 1);
    assertThat(backlog()).isEqualTo(HandoffBacklog.NONE);
  }

  private void complete(long batch, Link link, long offset) {
    assertThat(
            events
                .handoff()
                .complete(
                    batch,
                    link.uuid(),
                    null,
                    new RequestPosition("topic", offset),
                    "layer",
                    Instant.EPOCH)
                .outcome())
        .isEqualTo(HandoffResult.Outcome.DONE);
  }

  @Test
  void theDiskLastsAsManyDaysAsTheLastClosedBatchFitsIntoIt() throws Exception {
    assertThat(DiskLeft.days(events.table(), Duration.ofDays(1))).isEmpty();

    events.addMerged(DAY + 1, "next");
    events.closeWith(DAY, "a");
    events.close(DAY + 2);

    long bytes = bytesOf(DAY + 1);
    long free = new File(folder.toString()).getUsableSpace();
    assertThat(DiskLeft.days(events.table(), Duration.ofDays(1)).orElseThrow())
        .isBetween((long) (free * 0.8 / bytes), (long) (free * 1.2 / bytes));
    assertThat(DiskLeft.days(events.table(), Duration.ofHours(1)).orElseThrow())
        .isBetween((long) (free * 0.8 / bytes / 24), (long) (free * 1.2 / bytes / 24));
  }

  private long bytesOf(long batch) throws Exception {
    long bytes = 0;
    try (CloseableIterable<FileScanTask> files =
        events.table().newScan().useRef(BatchTags.name(batch)).planFiles()) {
      for (FileScanTask one : files) {
        bytes += one.file().fileSizeInBytes();
      }
    }
    return bytes;
  }
}
