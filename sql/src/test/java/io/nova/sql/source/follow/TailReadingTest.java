package io.nova.sql.source.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.client.LiveClient;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.TestJob;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.split.Tail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reaction of a following query to a live view that does not return its rows. */
class TailReadingTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir private Path folder;

  private static LiveClient client(String token) {
    return new LiveClient(Optional.empty(), token, LONG);
  }

  private static TailReading reading(TestJob job, LiveClient rows) {
    LiveAccess access = new LiveAccess(Completeness.STRICT, TestJob.TOKEN, LONG);
    EventScan scan =
        new EventScan(
            job.iceberg().spec(),
            IcebergWarehouse.SCHEMA.select("insert_id"),
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT);
    ReadMetrics metrics = ReadMetrics.in(UnregisteredMetricsGroup.createSourceReaderMetricGroup());
    return new TailReading(
        "tail",
        Tail.after(Optional.empty()),
        new TailPlanner(job.table(), scan, access, new ServedViews(client(TestJob.TOKEN))),
        new TailParts(scan, metrics, () -> rows),
        Duration.ZERO);
  }

  /** Two rows, one in each subtask's view, both in a checkpoint. */
  private static void fill(TestJob job) {
    long identity = 0;
    for (Record row : new TestEvents(3).uploaded("2026-11-20T10:00:00Z", 1, 2)) {
      row.setField("shard", (int) (2 * identity));
      job.admitUnseen(row, identity++);
    }
    job.checkpoint();
    job.notifyCheckpoint(0);
    job.notifyCheckpoint(1);
  }

  @Test
  void permanentRefusalFailsTheQueryAndNamesTheView() throws Exception {
    try (TestJob job = new TestJob(folder)) {
      fill(job);
      try (TailReading reading = reading(job, client("another token"))) {
        assertThatThrownBy(reading::next)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("Live view of subtask")
            .hasMessageContaining("the query fails");
      }
    }
  }

  @Test
  void lostViewIsRetriedAndItsRowsComeOnce() throws Exception {
    try (TestJob job = new TestJob(folder)) {
      fill(job);
      try (TailReading reading = reading(job, client(TestJob.TOKEN))) {
        assertThat(reading.next()).isNotNull();
        job.kill(0);
        job.kill(1);
        assertThat(reading.next()).isNull();
        assertThat(((Tail) reading.remaining().parts().get(0)).shownInWindow()).hasSize(1);
      }
    }
  }
}
