package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.BlockFile;
import io.nova.sql.IcebergWarehouse;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.SplitPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of a cut that is not in its snapshot, while batches are completed. */
class CutPlannerTest {
  private static final long YESTERDAY = 20_777;
  private static final long TODAY = 20_778;
  private static final long INTERVALS_PER_DAY = 288;

  @TempDir private Path folder;
  private EventTable table;
  private EventScan scan;

  @BeforeEach
  void open() {
    IcebergWarehouse warehouse = new IcebergWarehouse(folder);
    table = EventTable.find(warehouse.location()).orElseThrow();
    scan =
        new EventScan(
            table.iceberg().spec(),
            IcebergWarehouse.SCHEMA,
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT);
  }

  private static OpenBlock open(int shard, long batch, long rows) {
    return new OpenBlock(shard, batch * INTERVALS_PER_DAY + 3, rows, 100);
  }

  private static BlockFile sealed(String path, long batch) {
    long from = batch * 86_400_000_000L;
    List<BlockFile.Block> blocks = List.of(new BlockFile.Block(0, 1, 10));
    return new BlockFile(path, 100, 10, batch, from, from + 1, blocks);
  }

  private List<SplitPart> parts(long completed, List<OpenBlock> open) {
    PinnedView view =
        new PinnedView(
            1,
            "lease",
            1000,
            "g",
            List.of(),
            open,
            List.of(),
            List.of(),
            List.of(),
            Checkpointed.NOTHING);
    Announcement subtask =
        new Announcement(1, "g", 0, 0, "host", 7000, false, "", false, List.of());
    Cut cut =
        new Cut(
            Optional.empty(),
            Optional.empty(),
            completed,
            Optional.empty(),
            List.of(sealed("old", YESTERDAY), sealed("new", TODAY)),
            List.of(new Cut.View(subtask, view)),
            List.of());
    return CutPlanner.plan(table, scan, cut, "").stream()
        .flatMap(split -> split.parts().stream())
        .toList();
  }

  private static LiveRange live(List<SplitPart> parts) {
    return (LiveRange) parts.get(0);
  }

  private static List<String> files(List<SplitPart> parts) {
    return parts.stream()
        .filter(FileRange.class::isInstance)
        .map(part -> ((FileRange) part).path())
        .toList();
  }

  @Test
  void openBlocksAndSealedFilesOfCompletedBatchesAreLeftOut() {
    List<OpenBlock> open = List.of(open(0, YESTERDAY, 5), open(0, TODAY, 7), open(1, YESTERDAY, 9));

    List<SplitPart> before = parts(YESTERDAY - 1, open);
    assertThat(live(before).shards()).containsExactly(0, 1);
    assertThat(live(before).rows()).isEqualTo(5 + 7 + 9);
    assertThat(files(before)).containsExactly("old", "new");

    List<SplitPart> after = parts(YESTERDAY, open);
    assertThat(live(after).shards()).containsExactly(0);
    assertThat(live(after).rows()).isEqualTo(7);
    assertThat(live(after).completed()).isEqualTo(YESTERDAY);
    assertThat(files(after)).containsExactly("new");

    assertThat(parts(TODAY, open)).isEmpty();
  }

  @Test
  void serverFiltersByBatchOnlyWhereAViewHasACompletedOne() {
    assertThat(live(parts(YESTERDAY, List.of(open(0, TODAY, 7)))).completed())
        .isEqualTo(BatchNumbers.NONE);
    assertThat(live(parts(BatchNumbers.NONE, List.of(open(0, TODAY, 7)))).completed())
        .isEqualTo(BatchNumbers.NONE);
  }
}
