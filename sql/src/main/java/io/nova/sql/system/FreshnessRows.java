package io.nova.sql.system;

import static io.nova.sql.system.FlinkValues.time;

import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.shard.BlockFile;
import io.nova.sql.live.Cut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * Rows of the table {@code freshness}: one for each shard and partition with the newest times, and
 * one for each shard, without a partition, with what it holds beside the table. So both add up.
 */
final class FreshnessRows {
  private FreshnessRows() {}

  static List<RowData> of(Cut cut) {
    ArrayList<RowData> rows = new ArrayList<>();
    Map<Integer, Long> sealed = sealedBlocks(cut);
    for (Cut.View view : cut.views()) {
      view.pinned().newest().forEach(newest -> rows.add(times(newest)));
      view.pinned().shards().forEach(end -> rows.add(memory(end.shard(), view.pinned(), sealed)));
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
        time(newest.uploadMicros()),
        newest.eventMicros() == Long.MIN_VALUE ? null : time(newest.eventMicros()),
        null,
        null,
        null);
  }

  private static RowData memory(int shard, PinnedView view, Map<Integer, Long> sealed) {
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
