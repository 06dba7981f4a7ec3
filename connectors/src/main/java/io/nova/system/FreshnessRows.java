package io.nova.system;

import io.nova.event.Micros;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of the system table {@code freshness}. One row for each shard and partition has the
 * newest times. One row for each shard, without a partition, has the figures of its rows that are
 * not in the table. Sums over either kind are therefore correct.
 */
public final class FreshnessRows {
  private FreshnessRows() {}

  /** The rows of a cut. */
  public static List<SystemRow> of(Cut cut) {
    ArrayList<SystemRow> rows = new ArrayList<>();
    Map<Integer, Long> sealed = sealedBlocks(cut);
    for (Cut.View view : cut.views()) {
      view.pinned().newest().forEach(newest -> rows.add(times(newest)));
      view.pinned()
          .shards()
          .forEach(end -> rows.add(uncommitted(end.shard(), view.pinned(), sealed)));
    }
    return rows;
  }

  private static Map<Integer, Long> sealedBlocks(Cut cut) {
    HashMap<Integer, Long> blocks = new HashMap<>();
    cut.sealed().stream()
        .flatMap(file -> file.blocks().stream())
        .map(BlockFile.Block::shard)
        .forEach(shard -> blocks.merge(shard, 1L, Long::sum));
    return blocks;
  }

  private static SystemRow times(Newest newest) {
    return SystemRow.of(
        newest.shard(),
        newest.partition(),
        SystemRow.instant(newest.uploadMicros()),
        newest.eventMicros() == Micros.UNKNOWN ? null : SystemRow.instant(newest.eventMicros()),
        null,
        null,
        null);
  }

  private static SystemRow uncommitted(int shard, PinnedView view, Map<Integer, Long> sealed) {
    List<OpenBlock> open = view.open().stream().filter(block -> block.shard() == shard).toList();
    return SystemRow.of(
        shard,
        null,
        null,
        null,
        open.stream().mapToLong(OpenBlock::rows).sum(),
        open.stream().mapToLong(OpenBlock::bytes).sum(),
        sealed.getOrDefault(shard, 0L));
  }
}
