package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.HandoffResult.Outcome;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.commit.RequestPosition;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.shard.BlockFile;
import io.nova.shard.ConflictRule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards that are restored to before the close of a batch that the batch layer has. */
class HandedOffRestoreTest {
  private static final String NEXT_DAY = "2026-11-21 00:02:00.000000";
  private static final long CLOSING_OFFSET = 10;

  @TempDir Path folder;
  private JobWarehouse warehouse;

  @BeforeEach
  void tableIsBorn() {
    warehouse = new JobWarehouse(folder);
  }

  private BlockHarness start(OperatorSubtaskState restored) throws Exception {
    return new BlockHarness(warehouse.settings, 1, 0, restored);
  }

  /** Closes and completes the batch of these files in the table. */
  private void handOff(List<BlockFile> files) {
    CommitChain chain = CommitChain.begin(warehouse.table.refresh(), UUID.randomUUID().toString());
    Draft draft = Draft.first(chain.head(), warehouse.settings.shards());
    long batch = files.get(0).batchNumber();
    files.forEach(draft::add);
    draft.add(
        new ChunkWriter(Storage.configuration(), warehouse.table.dataFolder(), 1 << 20)
            .merge(batch, files));
    draft.close(batch, "ops");
    for (int shard = 0; shard < warehouse.settings.shards(); shard++) {
      draft.sealed(shard, batch);
    }
    Link link = draft.draw(chain.generation(), new Tally(), Map.of(0, CLOSING_OFFSET));
    chain.apply(link);
    assertThat(
            new TableHandoff(chain)
                .complete(
                    batch, link.uuid(), null, new RequestPosition("topic", 0), "etl", Instant.now())
                .outcome())
        .isEqualTo(Outcome.DONE);
  }

  /** The lowest bit of a fingerprint must not be read as "its payload is known". */
  @Test
  void retryAfterMidnightIsADuplicateUnderEveryRule() throws Exception {
    OperatorSubtaskState before;
    try (BlockHarness blocks = start(null)) {
      blocks.generation("run-1");
      before = blocks.snapshot();
      for (int i = 0; i < 8; i++) {
        blocks.offer(JobEvents.at("23:56").by("d" + i).from(0, i));
      }
      blocks.drain();
      handOff(blocks.files());
    }
    for (ConflictRule rule : ConflictRule.values()) {
      try (BlockHarness blocks = start(before)) {
        blocks.generation("run-2");
        for (int i = 0; i < 8; i++) {
          blocks.offer(JobEvents.at(NEXT_DAY).by("d" + i).under(rule).from(0, 20 + i));
        }

        assertThat(blocks.tally().total().duplicates).as(rule.name()).isEqualTo(8);
      }
    }
  }

  @Test
  void retryAfterMidnightMeetsItsFirstCopyInTheTag() throws Exception {
    OperatorSubtaskState before;
    try (BlockHarness blocks = start(null)) {
      blocks.generation("run-1");
      blocks.offer(JobEvents.at("10:02").by("early").from(0, 1));
      before = blocks.snapshot();
      blocks.offer(JobEvents.at("23:56").by("retried").from(0, 2));
      blocks.drain();
      handOff(blocks.files());
    }
    try (BlockHarness blocks = start(before)) {
      blocks.generation("run-2");
      blocks.offer(JobEvents.at("23:56").by("retried").from(0, 2));
      blocks.offer(JobEvents.at(NEXT_DAY).by("retried").from(0, 20));
      blocks.offer(JobEvents.at(NEXT_DAY).by("new").from(0, 21));
      blocks.offer(JobEvents.at("23:57").by("late").from(0, 22));
      blocks.drain();

      assertThat(blocks.rejections())
          .containsExactly(RejectReason.HANDED_OFF, RejectReason.UNKNOWN);
      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(1L);
      assertThat(blocks.sealed()).hasSize(warehouse.settings.shards());
    }
  }
}
