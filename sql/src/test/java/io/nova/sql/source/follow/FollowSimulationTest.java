package io.nova.sql.source.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.TestJob;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanSplitSerializer;
import io.nova.sql.source.split.Tail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A query that follows a job with random steps. Several partitions have events and copies of them,
 * which are read in any interleaving. Blocks are sealed, committed and merged. Subtasks learn of
 * checkpoints one by one. The job and the query fail. At the end the query has shown the rows of
 * the table, each event once and as the same copy.
 */
class FollowSimulationTest {
  private static final int STEPS = 250;
  private static final int PARTITIONS = 4;

  @TempDir private Path folder;
  private Random random;
  private TestJob job;
  private final TestEvents events = new TestEvents(3);
  private final List<List<List<Sent>>> log = new ArrayList<>();
  private final int[] read = new int[PARTITIONS];
  private final Map<Long, Object> uploads = new HashMap<>();
  private int sent;
  private boolean knowsPlaces;

  private TailReading reading;
  private ScanSplit saved;
  private Map<String, String> shown = new HashMap<>();
  private Map<String, String> savedShown = Map.of();

  private record Sent(Record row, long identity) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyEventOfTheTableIsShownOnceAsTheTableHasIt(long seed) throws Exception {
    random = new Random(seed);
    knowsPlaces = seed % 4 != 0;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      log.add(new ArrayList<>());
    }
    try (TestJob following = new TestJob(folder)) {
      job = following;
      job.checkpoint();
      produce();
      saved = new ScanSplit("tail", "", List.of(begun()), 0);
      reading = reading(saved);
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      end();
      reading.close();
    }
  }

  /** The position after some first commits, which are read before the tail. */
  private Tail begun() throws IOException {
    if (random.nextBoolean()) {
      return Tail.after(
          Optional.ofNullable(job.iceberg().currentSnapshot())
              .map(s -> new Followed(s.snapshotId(), BatchNumbers.NONE)));
    }
    consume(20);
    job.seal();
    job.checkpoint();
    table().forEach((identity, place) -> shown.put(identity, place));
    savedShown = Map.copyOf(shown);
    return Tail.after(
        Optional.of(new Followed(job.iceberg().currentSnapshot().snapshotId(), BatchNumbers.NONE)));
  }

  private void step() throws IOException {
    int draw = random.nextInt(100);
    if (draw < 15) {
      produce();
    } else if (draw < 45) {
      consume(1 + random.nextInt(10));
    } else if (draw < 52) {
      job.seal();
    } else if (draw < 62) {
      job.checkpoint();
    } else if (draw < 72) {
      job.notifyCheckpoint(random.nextInt(2));
    } else if (draw < 75) {
      job.seeTable();
    } else if (draw < 77) {
      job.checkpoint();
      job.merge();
      job.checkpoint();
    } else if (draw < 80) {
      restartJob();
    } else if (draw < 93) {
      poll(1 + random.nextInt(15));
    } else if (draw < 97) {
      save();
    } else {
      restartQuery();
    }
  }

  private void produce() {
    for (Record row : events.uploaded("2026-11-20T10:00:00Z", 1, 1 + random.nextInt(20))) {
      long identity = sent > 0 && random.nextInt(4) == 0 ? random.nextInt(sent) : sent++;
      Object uploaded = row.getField("server_upload_time");
      row.setField("server_upload_time", uploads.computeIfAbsent(identity, first -> uploaded));
      row.setField("insert_id", "id-" + identity);
      row.setField("shard", (int) identity % 4);
      int partition = random.nextInt(PARTITIONS);
      row.setField("kafka_partition", partition);
      List<Sent> message = message(partition);
      row.setField("kafka_offset", log.get(partition).size() - 1L);
      row.setField("kafka_index", message.size());
      message.add(new Sent(row, identity));
    }
  }

  /** The message that takes the next event: a new one, or the last if it was not read yet. */
  private List<Sent> message(int partition) {
    List<List<Sent>> messages = log.get(partition);
    if (read[partition] == messages.size() || random.nextBoolean()) {
      messages.add(new ArrayList<>());
    }
    return messages.get(messages.size() - 1);
  }

  private void consume(int rows) {
    for (int i = 0; i < rows; i++) {
      int partition = random.nextInt(PARTITIONS);
      if (read[partition] < log.get(partition).size()) {
        log.get(partition)
            .get(read[partition]++)
            .forEach(next -> job.admitUnseen(next.row(), next.identity()));
      }
    }
  }

  private void restartJob() {
    job.restart();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      read[partition] = (int) (job.checkpointedTo().getOrDefault(partition, -1L) + 1);
    }
  }

  /** Reads at most some rows; false if no more were available. */
  private boolean poll(int rows) throws IOException {
    for (int i = 0; i < rows; i++) {
      RowData row = reading.next();
      if (row == null) {
        return false;
      }
      String place = knowsPlaces ? row.getInt(0) + ":" + row.getLong(1) + ":" + row.getInt(2) : "";
      String identity = row.getString(row.getArity() - 1).toString();
      assertThat(shown.put(identity, place)).as("shown before").isNull();
    }
    return true;
  }

  private void save() throws IOException {
    ScanSplitSerializer serializer = new ScanSplitSerializer();
    saved =
        serializer.deserialize(serializer.getVersion(), serializer.serialize(reading.remaining()));
    savedShown = Map.copyOf(shown);
  }

  private void restartQuery() throws IOException {
    reading.close();
    reading = reading(saved);
    shown = new HashMap<>(savedShown);
  }

  private void end() throws IOException {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      while (read[partition] < log.get(partition).size()) {
        consume(1);
      }
    }
    job.checkpoint();
    for (int subtask = 0; subtask < 2; subtask++) {
      job.notifyCheckpoint(subtask);
    }
    while (poll(1)) {
      // All live rows must come before any of them is committed.
    }
    Map<String, String> inMemory = Map.copyOf(shown);
    job.seal();
    job.checkpoint();
    while (poll(1)) {
      // No row may come twice.
    }
    assertThat(shown).isEqualTo(inMemory).isEqualTo(table());
  }

  private Map<String, String> table() throws IOException {
    HashMap<String, String> found = new HashMap<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(job.iceberg()).build()) {
      for (Record row : rows) {
        String place =
            knowsPlaces
                ? "%s:%s:%s"
                    .formatted(
                        row.getField("kafka_partition"),
                        row.getField("kafka_offset"),
                        row.getField("kafka_index"))
                : "";
        assertThat(found.put((String) row.getField("insert_id"), place)).isNull();
      }
    }
    return found;
  }

  private TailReading reading(ScanSplit split) {
    LiveAccess access = new LiveAccess(Completeness.STRICT, TestJob.TOKEN, Duration.ofSeconds(10));
    LiveClient client = new LiveClient(Optional.empty(), TestJob.TOKEN, Duration.ofSeconds(10));
    EventScan scan =
        new EventScan(
            job.iceberg().spec(),
            knowsPlaces
                ? IcebergWarehouse.SCHEMA.select(
                    "kafka_partition", "kafka_offset", "kafka_index", "insert_id")
                : IcebergWarehouse.SCHEMA.select("insert_id"),
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT);
    ReadMetrics metrics = ReadMetrics.in(UnregisteredMetricsGroup.createSourceReaderMetricGroup());
    return new TailReading(
        split.id(),
        (Tail) split.parts().get(0),
        new TailPlanner(job.table(), scan, access, new ServedViews(client)),
        new TailParts(scan, metrics, () -> client),
        Duration.ZERO);
  }
}
