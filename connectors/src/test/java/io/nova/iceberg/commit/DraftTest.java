package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Tally;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the next link closes a batch. */
class DraftTest {
  private static final int SHARDS = 2;

  private Draft draft = Draft.first("birth", SHARDS);

  private static BlockFile file(long batch, int number) {
    return new BlockFile(
        "block-" + number, 1, 1, batch, 0, 1, List.of(new BlockFile.Block(0, number, 1)));
  }

  private static Chunk chunk(BlockFile... files) {
    return chunk("chunk", files);
  }

  private static Chunk chunk(String path, BlockFile... files) {
    return new Chunk(
        path,
        1,
        files.length,
        files[0].batchNumber(),
        "0".repeat(31) + "1",
        false,
        List.of(files),
        List.of());
  }

  private static Chunk of(String path, Chunk... small) {
    return new Chunk(
        path,
        1,
        Arrays.stream(small).mapToLong(Chunk::rows).sum(),
        small[0].batchNumber(),
        "0".repeat(31) + "2",
        false,
        List.of(),
        Arrays.stream(small).map(Chunk::asSmall).toList());
  }

  private Link draw() {
    return draft.draw("run", new Tally(), Map.of(0, 17L));
  }

  private void sealAll(long batch) {
    for (int shard = 0; shard < SHARDS; shard++) {
      draft.sealed(shard, batch);
    }
  }

  private CommitterState state() {
    return CommitterState.read(draft.state("birth", List.of()).write());
  }

  @Test
  void linkClosesABatchWithoutFiles() {
    draft.close(7, "ops");
    sealAll(7);

    assertThat(draft.isEmpty()).isFalse();
    Link link = draw();
    assertThat(link.closes()).isEqualTo(new CloseOrder(7, "ops"));
    assertThat(link.offsets()).containsExactly(Map.entry(0, 17L));
    assertThat(draft.closed()).isEqualTo(7);
    assertThat(draft.isEmpty()).isTrue();
    assertThat(draw().closes()).isNull();
  }

  @Test
  void linkThatClosesNothingHasNoOffsets() {
    draft.add(file(7, 1));

    assertThat(draw().offsets()).isEmpty();
    assertThat(draft.closed()).isEqualTo(BatchNumbers.NONE);
  }

  @Test
  void closeWaitsForEveryShard() {
    draft.close(7, "ops");
    draft.sealed(0, 7);
    draft.sealed(1, 6);

    assertThat(draft.mayClose()).isFalse();
    assertThat(draft.isEmpty()).isTrue();
    draft.sealed(1, 8);
    assertThat(draft.mayClose()).isTrue();
  }

  @Test
  void closeWaitsForEveryBlockFileOfItsBatches() {
    BlockFile earlier = file(6, 1);
    BlockFile one = file(7, 2);
    BlockFile two = file(7, 3);
    draft.close(7, "ops");
    sealAll(7);
    List.of(earlier, one, two, file(8, 4)).forEach(draft::add);

    assertThat(draft.mayClose()).isFalse();
    draft.add(chunk(one));
    draft.add(chunk(two));
    assertThat(draw().closes()).as("a block file of batch 6 is left").isNull();
    draft.add(chunk(earlier));
    assertThat(draft.unmerged()).isEqualTo(1);
    assertThat(draw().closes()).isEqualTo(new CloseOrder(7, "ops"));
  }

  @Test
  void closeWaitsUntilSmallChunksAreMerged() {
    draft.close(7, "ops");
    sealAll(7);
    draft.add(file(7, 1));
    Chunk small = chunk("small", file(7, 1)).waiting();
    draft.add(small);

    assertThat(draft.unmerged()).isEqualTo(1);
    assertThat(draw().closes()).isNull();
    draft = Draft.after(state());
    sealAll(7);
    draft.add(of("last", small));
    Link closing = draw();
    assertThat(closing.closes()).isEqualTo(new CloseOrder(7, "ops"));
    assertThat(closing.chunks().get(0).mergedChunks()).containsExactly(small.asSmall());
    assertThat(closing.audit())
        .as("rows of a small chunk count once")
        .containsExactly(Map.entry(7L, new AuditFigures(1, "0".repeat(31) + "2")));
  }

  @Test
  void smallChunkThatIsMergedBeforeItHasALinkGetsNone() {
    Chunk one = chunk("one", file(7, 1)).waiting();
    Chunk two = chunk("two", file(7, 2)).waiting();
    Chunk both = of("both", one, two).waiting();
    draft.add(one);
    Link first = draw();
    draft.add(two);
    draft.add(both);
    draft.add(of("last", both));

    draft.takeBack(first);
    Link link = draw();

    assertThat(link.chunks()).hasSize(1);
    assertThat(link.chunks().get(0).path()).isEqualTo("last");
    assertThat(link.chunks().get(0).merged()).containsExactlyInAnyOrder(file(7, 1), file(7, 2));
    assertThat(link.chunks().get(0).mergedChunks()).isEmpty();
    assertThat(link.totals().chunks()).isEqualTo(1);
  }

  @Test
  void chunkMayArriveBeforeItsBlockFile() {
    BlockFile file = file(7, 1);
    draft.close(7, "ops");
    sealAll(7);
    draft.add(chunk(file));
    draft.add(file);

    assertThat(draft.mayClose()).isTrue();
  }

  @Test
  void greatestCloseIsTaken() {
    draft.close(8, "ops");
    draft.close(7, "nova");
    sealAll(8);

    assertThat(draw().closes()).isEqualTo(new CloseOrder(8, "ops"));
    draft.close(8, "again");
    assertThat(draft.mayClose()).isFalse();
  }

  @Test
  void afterARestoreTheShardsSayAgainThatTheyHaveSealed() {
    draft.close(7, "ops");
    sealAll(7);
    draft.add(file(7, 1));
    draw();
    draft = Draft.after(state());

    draft.add(chunk(file(7, 1)));
    assertThat(draft.mayClose()).isFalse();
    sealAll(7);
    assertThat(draw().closes()).isEqualTo(new CloseOrder(7, "ops"));
  }

  @Test
  void unmergedBlockFilesAreCountedAcrossARestore() {
    draft.add(file(7, 1));
    draw();
    draft = Draft.after(state());
    draft.close(7, "ops");
    sealAll(7);

    assertThat(draft.mayClose()).isFalse();
  }

  @Test
  void stateKnowsWhichLinkClosedABatch() {
    draft.close(7, "ops");
    sealAll(7);
    Link first = draw();
    draft.close(9, "ops");
    sealAll(9);
    Link second = draw();
    draft = Draft.after(state());

    assertThat(state().closingLink(6)).contains(first.uuid());
    assertThat(state().closingLink(7)).contains(first.uuid());
    assertThat(state().closingLink(8)).contains(second.uuid());
    assertThat(state().closingLink(10)).isEmpty();
    draft.forget(9, 9);
    assertThat(state().known()).containsExactly(new ClosedBatch(9, second.uuid()));
    assertThat(draft.closed()).isEqualTo(9);
  }
}
