package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.iceberg.Chunk;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.job.JobWarehouse;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three of these block files make a chunk. */
class ChunkOperatorTest {
  private static final long LARGE_CHUNK = 1 << 20;

  @TempDir Path folder;
  private JobWarehouse warehouse;

  @BeforeEach
  void tableIsBorn() {
    warehouse = new JobWarehouse(folder);
  }

  @Test
  void blockFilesOfTheTargetSizeMakeAChunk() throws Exception {
    BlockFile first = blockFile("10:02", "a", 1);
    BlockFile second = blockFile("10:07", "b", 2);
    BlockFile third = blockFile("10:12", "c", 3);
    try (ChunkHarness chunks = start(null)) {
      process(chunks, first, second);
      assertThat(drained(chunks)).isEmpty();
      process(chunks, third);

      assertThat(waitedFor(chunks, 1).get(0).merged()).containsExactly(first, second, third);
    }
  }

  @Test
  void oneLargeBlockFileMakesAChunk() throws Exception {
    BlockFile small = blockFile("10:02", "a", 1);
    BlockFile large = JobWarehouse.ofSize(300, blockFile("10:07", "b", 2));
    BlockFile next = blockFile("10:12", "c", 3);
    try (ChunkHarness chunks = start(null)) {
      process(chunks, small, large, next);

      assertThat(waitedFor(chunks, 1))
          .extracting(Chunk::merged)
          .containsExactly(List.of(small, large));
      Thread.sleep(100);
      assertThat(drained(chunks)).hasSize(1);
    }
  }

  @Test
  void manySmallBlockFilesMakeAChunk() throws Exception {
    BlockFile only = JobWarehouse.ofSize(1, blockFile("10:02", "a", 1));
    try (ChunkHarness chunks = start(null)) {
      for (int i = 1; i < WaitingFiles.MOST_FILES; i++) {
        process(chunks, only);
      }
      assertThat(drained(chunks)).isEmpty();
      process(chunks, only);

      assertThat(waitedFor(chunks, 1).get(0).merged()).hasSize(WaitingFiles.MOST_FILES);
    }
  }

  /** Files of the target size make a chunk of less than half of it. */
  @Test
  void chunkOfFilesOfTheTargetSizeIsNotMergedAgain() throws Exception {
    long bytes = 1L << 20;
    try (ChunkHarness chunks = new ChunkHarness(warehouse.settingsWithChunksOf(bytes), null)) {
      process(chunks, JobWarehouse.ofSize(bytes, blockFile("10:02", "a", 1)));

      assertThat(waitedFor(chunks, 1)).extracting(Chunk::small).containsExactly(false);
    }
  }

  /** As after a restore with fewer subtasks. */
  @Test
  void restoredBlockFilesMakeChunksOfTheTargetSizeEach() throws Exception {
    List<BlockFile> files = new ArrayList<>();
    for (int i = 1; i < 9; i++) {
      files.add(blockFile("10:02", "d" + i, i));
    }
    OperatorSubtaskState savepoint;
    try (ChunkHarness chunks = start(null)) {
      process(chunks, files.toArray(BlockFile[]::new));
      savepoint = chunks.snapshot(1, 1);
    }
    try (ChunkHarness chunks = start(savepoint)) {
      assertThat(waitedFor(chunks, 2))
          .extracting(chunk -> chunk.merged().size())
          .containsExactly(3, 3);
    }
  }

  @Test
  void chunkNeverCrossesABatch() throws Exception {
    BlockFile late = blockFile("23:57", "a", 1);
    BlockFile early = blockFile("2026-03-03 00:02:00.000000", "b", 2);
    BlockFile next = blockFile("2026-03-03 00:07:00.000000", "c", 3);
    try (ChunkHarness chunks = start(null)) {
      process(chunks, late, early, next);
      chunks.drain();

      assertThat(chunks.extractOutputValues())
          .extracting(Chunk::merged)
          .containsExactlyInAnyOrder(List.of(late), List.of(early, next));
    }
  }

  @Test
  void whatWaitedTooLongIsMergedWithFewer() throws Exception {
    BlockFile only = blockFile("10:02", "a", 1);
    try (ChunkHarness chunks = start(null)) {
      chunks.clock("10:20");
      process(chunks, only);
      chunks.clock("11:19");
      assertThat(drained(chunks)).isEmpty();
      chunks.clock("11:21");

      assertThat(waitedFor(chunks, 1).get(0).merged()).containsExactly(only);
    }
  }

  @Test
  void latePartOfAnOldBlockWaitsForOthersToo() throws Exception {
    BlockFile late = blockFile("02:02", "a", 1);
    try (ChunkHarness chunks = start(null)) {
      chunks.clock("10:20");
      process(chunks, late);
      chunks.clock("10:40");

      Thread.sleep(100);
      assertThat(drained(chunks)).isEmpty();
    }
  }

  @Test
  void blockFilesThatWaitSurviveARestore() throws Exception {
    BlockFile first = blockFile("10:02", "a", 1);
    BlockFile second = blockFile("10:07", "b", 2);
    BlockFile third = blockFile("10:12", "c", 3);
    OperatorSubtaskState savepoint;
    try (ChunkHarness chunks = start(null)) {
      process(chunks, first, second);
      savepoint = chunks.snapshot(1, 1);
    }
    try (ChunkHarness chunks = start(savepoint)) {
      process(chunks, third);

      assertThat(waitedFor(chunks, 1).get(0).merged())
          .containsExactlyInAnyOrder(first, second, third);
    }
  }

  @Test
  void mergeThatWasNotHandedOnIsDoneAgainAfterARestore() throws Exception {
    BlockFile first = blockFile("10:02", "a", 1);
    BlockFile second = blockFile("10:07", "b", 2);
    BlockFile third = blockFile("10:12", "c", 3);
    OperatorSubtaskState savepoint;
    try (ChunkHarness chunks = start(null)) {
      process(chunks, first, second, third);
      savepoint = chunks.snapshot(1, 1);
    }
    try (ChunkHarness chunks = start(savepoint)) {
      assertThat(waitedFor(chunks, 1).get(0).merged())
          .containsExactlyInAnyOrder(first, second, third);
    }
  }

  @Test
  void chunkOfASealedBatchIsWrittenAgainAfterAKill() throws Exception {
    BlockFile only = blockFile("10:02", "a", 1);
    OperatorSubtaskState savepoint = killedAtMerge(only);
    try (ChunkHarness chunks = start(savepoint)) {
      chunks.sealedUpTo(only.batchNumber());

      assertThat(waitedFor(chunks, 1)).extracting(Chunk::merged).containsExactly(List.of(only));
    }
  }

  private OperatorSubtaskState killedAtMerge(BlockFile file) throws Exception {
    ChunkHarness chunks = start(null);
    process(chunks, file);
    HaltPoint.takenBy(
        point -> {
          throw new IllegalStateException("killed at " + point);
        });
    try {
      chunks.sealedUpTo(file.batchNumber());
      assertThatThrownBy(() -> waitedFor(chunks, 1)).hasStackTraceContaining("killed at MERGE");
      return chunks.snapshot(1, 1);
    } finally {
      HaltPoint.takenByNobody();
      chunks.kill();
    }
  }

  @Test
  void filesOfASealedBatchAreMergedAtOnceAndThoseOfTheNextBatchWait() throws Exception {
    BlockFile first = blockFile("10:02", "a", 1);
    BlockFile second = blockFile("10:07", "b", 2);
    BlockFile next = blockFile("2026-11-21 00:02:00.000000", "c", 3);
    try (ChunkHarness chunks = start(null)) {
      process(chunks, first, next, second);
      chunks.sealedUpTo(first.batchNumber());

      assertThat(waitedFor(chunks, 1))
          .extracting(Chunk::merged)
          .containsExactly(List.of(first, second));
      Thread.sleep(100);
      assertThat(drained(chunks)).hasSize(1);
    }
  }

  @Test
  void fileThatComesAfterTheWordOfItsBatchIsMergedAtOnce() throws Exception {
    BlockFile late = blockFile("10:02", "a", 1);
    try (ChunkHarness chunks = start(null)) {
      chunks.sealedUpTo(late.batchNumber());
      chunks.sealedUpTo(late.batchNumber() - 1);
      process(chunks, late);

      assertThat(waitedFor(chunks, 1)).extracting(Chunk::merged).containsExactly(List.of(late));
    }
  }

  @Test
  void wordThatIsLostInARestoreOnlyLetsFilesWait() throws Exception {
    BlockFile first = blockFile("10:02", "a", 1);
    BlockFile second = blockFile("10:07", "b", 2);
    OperatorSubtaskState savepoint;
    try (ChunkHarness chunks = start(null)) {
      chunks.sealedUpTo(first.batchNumber());
      savepoint = chunks.snapshot(1, 1);
    }
    try (ChunkHarness chunks = start(savepoint)) {
      chunks.clock("10:20");
      process(chunks, first, second);
      chunks.clock("11:21");

      assertThat(waitedFor(chunks, 1))
          .extracting(Chunk::merged)
          .containsExactly(List.of(first, second));
    }
  }

  @Test
  void blockFilesThatWaitedTooLongMakeASmallChunkThatWaits() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile second = warehouse.blockFile("11:22", "b", 2);
    BlockFile third = warehouse.blockFile("12:32", "c", 3);
    try (ChunkHarness chunks = startLarge(null)) {
      chunks.clock("10:20");
      process(chunks, first);
      chunks.clock("11:20");
      Chunk small = waitedFor(chunks, 1).get(0);
      assertThat(small.small()).isTrue();
      process(chunks, second);
      chunks.clock("12:30");
      Chunk next = waitedFor(chunks, 2).get(1);
      assertThat(next.merged()).containsExactly(second);
      assertThat(next.mergedChunks()).as("a row is not rewritten every hour").isEmpty();
      process(chunks, third);
      chunks.sealedUpTo(first.batchNumber());

      Chunk last = waitedFor(chunks, 3).get(2);
      assertThat(last.small()).isFalse();
      assertThat(last.rows()).isEqualTo(3);
      assertThat(last.merged()).containsExactly(third);
      assertThat(last.mergedChunks()).containsExactly(small.asSmall(), next.asSmall());
    }
  }

  @Test
  void smallChunkAndBlockFilesOfTheTargetSizeMakeAChunk() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile large = JobWarehouse.ofSize(LARGE_CHUNK, warehouse.blockFile("11:22", "b", 2));
    try (ChunkHarness chunks = startLarge(null)) {
      chunks.clock("10:20");
      process(chunks, first);
      chunks.clock("11:20");
      Chunk small = waitedFor(chunks, 1).get(0);
      process(chunks, large);

      assertThat(waitedFor(chunks, 2).get(1).mergedChunks()).containsExactly(small.asSmall());
      assertThat(chunks.extractOutputValues().get(1).merged()).containsExactly(large);
    }
  }

  @Test
  void smallChunkSurvivesARestoreAndIsTheLastOfItsBatch() throws Exception {
    BlockFile only = warehouse.blockFile("10:02", "a", 1);
    OperatorSubtaskState savepoint;
    Chunk small;
    try (ChunkHarness chunks = startLarge(null)) {
      chunks.clock("10:20");
      process(chunks, only);
      chunks.clock("11:20");
      small = waitedFor(chunks, 1).get(0);
      savepoint = chunks.snapshot(1, 1);
    }
    try (ChunkHarness chunks = startLarge(savepoint)) {
      chunks.clock("23:00");
      Thread.sleep(100);
      assertThat(drained(chunks)).as("it waits for as long as the batch is open").isEmpty();
      chunks.sealedUpTo(only.batchNumber());

      Chunk last = waitedFor(chunks, 1).get(0);
      assertThat(last.small()).isFalse();
      assertThat(last.merged()).isEmpty();
      assertThat(last.mergedChunks()).containsExactly(small.asSmall());
    }
  }

  @Test
  void filesThatArriveDuringTheLastMergeAreMergedWithItsChunk() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile second = warehouse.blockFile("10:07", "b", 2);
    try (ChunkHarness chunks = startLarge(null)) {
      process(chunks, first);
      chunks.sealedUpTo(first.batchNumber());
      process(chunks, second);

      assertThat(waitedFor(chunks, 2)).extracting(Chunk::small).containsExactly(true, false);
      Chunk small = chunks.extractOutputValues().get(0);
      Chunk last = chunks.extractOutputValues().get(1);
      assertThat(last.merged()).containsExactly(second);
      assertThat(last.mergedChunks()).containsExactly(small.asSmall());
    }
  }

  @Test
  void drainLeavesNoBlockFile() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    try (ChunkHarness chunks = startLarge(null)) {
      process(chunks, first);
      chunks.drain();

      assertThat(chunks.extractOutputValues())
          .extracting(Chunk::merged)
          .containsExactly(List.of(first));
    }
  }

  private ChunkHarness startLarge(OperatorSubtaskState restored) throws Exception {
    return new ChunkHarness(warehouse.settingsWithChunksOf(LARGE_CHUNK), restored);
  }

  private BlockFile blockFile(String time, String device, long sequence) {
    return JobWarehouse.ofSize(
        JobWarehouse.CHUNK_BYTES / 3, warehouse.blockFile(time, device, sequence));
  }

  private ChunkHarness start(OperatorSubtaskState restored) throws Exception {
    return new ChunkHarness(warehouse.settings, restored);
  }

  private static void process(ChunkHarness chunks, BlockFile... files) throws Exception {
    for (BlockFile file : files) {
      chunks.add(file);
    }
  }

  private static List<Chunk> drained(ChunkHarness chunks) throws Exception {
    chunks.getTaskMailbox().drain().forEach(ChunkOperatorTest::run);
    return chunks.extractOutputValues();
  }

  private static List<Chunk> waitedFor(ChunkHarness chunks, int count) throws Exception {
    for (int i = 0; i < 500 && drained(chunks).size() < count; i++) {
      Thread.sleep(20);
    }
    return chunks.extractOutputValues();
  }

  private static void run(org.apache.flink.streaming.runtime.tasks.mailbox.Mail mail) {
    try {
      mail.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
