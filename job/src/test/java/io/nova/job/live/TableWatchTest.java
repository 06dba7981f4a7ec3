package io.nova.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.iceberg.commit.Sequences;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TableWatchTest {
  private static final String GENERATION = "run";

  @TempDir private Path folder;

  private EventTable open() {
    return EventTable.findOrCreate(
        folder.toString(),
        new TableRules(2, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw()));
  }

  private static void commit(Table table, int link) {
    table
        .newFastAppend()
        .set("nova.uuid", "link-" + link)
        .set("nova.generation", GENERATION)
        .set("nova.step", "APPEND")
        .set("nova.sequences", Sequences.encode(List.of((long) link, (long) link)))
        .commit();
  }

  @Test
  @Timeout(60)
  void subtaskThatSealsNothingForSixtyCommitsSeesTheTable() throws Exception {
    Table writer = open().iceberg();
    try (TableWatch watch = new TableWatch(open(), GENERATION)) {
      for (int link = 1; link <= 60; link++) {
        commit(writer, link);
      }

      watch.wanted(true);

      Optional<LinkSummary> newest = watch.newest();
      while (newest.isEmpty()) {
        Thread.sleep(20);
        newest = watch.newest();
      }
      assertThat(newest.get().sequence(0)).isEqualTo(60);
    }
  }
}
