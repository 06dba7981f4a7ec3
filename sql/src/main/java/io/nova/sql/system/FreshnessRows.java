package io.nova.sql.system;

import static io.nova.sql.source.Instants.ofMicros;

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
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * The rows of the system table {@code freshness}. One row for each shard and partition has the
 * newest times. One row for each shard, without a partition, has the figures of its rows that are
 * not in the table. Sums over either kind are therefore correct.
 */
final class FreshnessRows {
  private FreshnessRows() {}

  static List<RowData> of(Cut cut) {
    ArrayList<RowData> rows = new ArrayList<>();
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

  private static RowData times(Newest newest) {
    return GenericRowData.of(
        newest.shard(),
        newest.partition(),
        ofMicros(newest.uploadMicros()),
        newest.eventMicros() == Micros.UNKNOWN ? null : ofMicros(newest.eventMicros()),
        null,
        null,
        null);
  }

  private static RowData uncommitted(int shard, PinnedView view, Map<Integer, Long> sealed) {
    List<OpenBlock> open = view.open().stream().filter(block -> block.shard() == shard).toList();
    return GenericRowData.of(
        shard,
        null,
        null,
        null,
        open.stream().mapToLong(OpenBlock::rows).sum(),
        open.stream().mapToLong(OpenBlock::bytes).sum(),
        sealed.getOrDefault(shard, 0L));
  }
}
