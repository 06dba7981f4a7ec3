package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.hadoop.HadoopInputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockOperatorMemoryTest {
  private static final int EVENTS = 12_000;
  private static final String LARGE = "{\"x\":\"" + "y".repeat(700) + "\"}";

  @TempDir private Path folder;

  private JobEvents event(int i) {
    return JobEvents.at("10:%02d".formatted(i / (EVENTS / 15))).id("i" + i).saying(LARGE);
  }

  private JobEvents incompressible(int i) {
    String text =
        new Random(i)
            .ints(700, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return event(i).saying("{\"x\":\"" + text + "\"}");
  }

  /** What is admitted, and the rows of all files by their insert id. */
  private Map<String, Integer> run(long budgetBytes, Set<String> admittedNow) throws Exception {
    JobWarehouse warehouse =
        new JobWarehouse(folder.resolve("budget-" + budgetBytes), budgetBytes, false);
    List<BlockFile> files = new ArrayList<>();
    OperatorSubtaskState checkpoint;
    try (BlockHarness blocks = new BlockHarness(warehouse.settings, 1, 0, null)) {
      for (int i = 0; i < EVENTS; i++) {
        blocks.offer(event(i));
        blocks.offer(event(i * 7919 % (i + 1)));
      }
      assertThat(blocks.tally().total().admitted).isEqualTo(EVENTS);
      assertThat(blocks.tally().total().duplicates).isEqualTo(EVENTS);
      files.addAll(blocks.files());
      checkpoint = blocks.snapshot();
    }
    try (BlockHarness blocks = new BlockHarness(warehouse.settings, 1, 0, checkpoint)) {
      for (int i = 0; i < EVENTS; i += 10) {
        blocks.offer(event(i));
      }
      assertThat(blocks.tally().total().admitted).isEqualTo(EVENTS);
      blocks.drain();
      files.addAll(blocks.files());
    }
    admittedNow.add(Integer.toString(files.size()));
    return rows(warehouse, files);
  }

  private static Map<String, Integer> rows(JobWarehouse warehouse, List<BlockFile> files)
      throws Exception {
    Map<String, Integer> rows = new TreeMap<>();
    for (BlockFile file : files) {
      try (CloseableIterable<Record> records =
          Avro.read(HadoopInputFile.fromLocation(file.path(), new Configuration()))
              .project(warehouse.table.iceberg().schema())
              .createResolvingReader(PlannedDataReader::create)
              .build()) {
        for (Record row : records) {
          rows.merge(
              row.getField("insert_id") + " " + row.getField("event_properties"), 1, Integer::sum);
        }
      }
    }
    return rows;
  }

  /** A subtask may get more rows back than its heap has room for, from several that are gone. */
  @Test
  void rowsThatComeBackLeaveTheHeapAtOnceWhereMemoryIsShort() throws Exception {
    long budgetBytes = 3 << 20;
    OperatorSubtaskState checkpoint;
    JobWarehouse ample = new JobWarehouse(folder.resolve("ample"), 64 << 20, false);
    try (BlockHarness blocks = new BlockHarness(ample.settings, 1, 0, null)) {
      for (int i = 0; i < EVENTS; i++) {
        blocks.offer(incompressible(i));
      }
      checkpoint = blocks.snapshot();
    }
    try (BlockHarness blocks = new BlockHarness(ample.settings, 1, 0, checkpoint)) {
      assertThat(blocks.memoryUsedBytes()).isGreaterThan(budgetBytes * 3 / 2);
    }

    JobWarehouse small = new JobWarehouse(folder.resolve("small"), budgetBytes, false);
    try (BlockHarness blocks = new BlockHarness(small.settings, 1, 0, checkpoint)) {
      assertThat(blocks.memoryUsedBytes()).isPositive().isLessThan(budgetBytes);
      for (int i = 0; i < EVENTS; i += 100) {
        blocks.offer(incompressible(i));
      }
      assertThat(blocks.tally().total().duplicates).isEqualTo(EVENTS / 100);
      blocks.drain();
      assertThat(rows(small, blocks.files())).hasSize(EVENTS);
    }
  }

  @Test
  void aSmallBudgetChangesWhereRowsAreButNotWhatIsAdmitted() throws Exception {
    Set<String> counts = new TreeSet<>();
    Map<String, Integer> ample = run(64 << 20, counts);
    Map<String, Integer> spilled = run(3 << 20, counts);
    Map<String, Integer> sealedEarly = run(700 << 10, counts);

    assertThat(ample).hasSize(EVENTS).allSatisfy((row, times) -> assertThat(times).isEqualTo(1));
    assertThat(spilled).isEqualTo(ample);
    assertThat(sealedEarly).isEqualTo(ample);
    assertThat(counts).as("the smallest budget has written more files").hasSizeGreaterThan(1);
  }

  /** An empty partition, or one with rejected messages only, never makes progress. */
  @Test
  void heapStaysWithinTheBudgetWhileAnEmptyPartitionHoldsTheLimit() throws Exception {
    long budgetBytes = 2_100_000;
    JobWarehouse warehouse = new JobWarehouse(folder.resolve("empty"), budgetBytes, false);
    try (BlockHarness blocks = new BlockHarness(warehouse.settings, 1, 0, null)) {
      for (int day = 1; day <= 4; day++) {
        for (int hour = 0; hour < 24; hour++) {
          String time = "2026-11-%02d %02d:10:00".formatted(day, hour);
          for (int i = 0; i < 3000; i++) {
            blocks.offer(JobEvents.at(time).id("%s %d".formatted(time, i)));
          }
          blocks.progress(0, time);
          blocks.watermark(day, "%02d:09:00".formatted(hour));
        }
      }
      blocks.offer(JobEvents.at("2026-11-01 05:10:00").id("2026-11-01 05:10:00 7"));

      assertThat(blocks.tally().total().admitted).isEqualTo(4 * 72_000);
      assertThat(blocks.tally().total().duplicates).isOne();
      assertThat(blocks.memoryUsedBytes()).isLessThan(budgetBytes);
      assertThat(blocks.fingerprintsHeldByPartition()).isOne();
    }
  }
}
