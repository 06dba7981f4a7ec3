package io.nova.sql.source.enumerator;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.shard.BlockFile;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.FileRange.Layer;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.SplitPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileFormat;

/** Plans splits of the part of a cut that is not in its snapshot: open blocks and block files. */
public final class CutPlanner {
  /** Stored bytes after which a split is full. */
  private static final long SPLIT_BYTES = 8L << 20;

  private final BlockPruner pruner;
  private final TableRules rules;
  private final long completed;
  private final String token;
  private final List<ScanSplit> splits = new ArrayList<>();

  private CutPlanner(BlockPruner pruner, TableRules rules, long completed, String token) {
    this.pruner = pruner;
    this.rules = rules;
    this.completed = completed;
    this.token = token;
  }

  /**
   * The splits of all blocks that the scan's filter does not exclude, open blocks first.
   *
   * @param token the token in the splits; may be empty
   */
  public static List<ScanSplit> plan(EventTable table, EventScan scan, Cut cut, String token) {
    BlockPruner pruner = new BlockPruner(table.rules(), scan.above(cut.completed()));
    CutPlanner planner = new CutPlanner(pruner, table.rules(), cut.completed(), token);
    cut.views().forEach(planner::addOpen);
    planner.addSealed(cut.sealed());
    return planner.splits;
  }

  private void addOpen(Cut.View view) {
    ArrayList<Integer> shards = new ArrayList<>();
    long rows = 0;
    long bytes = 0;
    for (List<OpenBlock> blocks : byShard(view).values()) {
      if (blocks.stream().noneMatch(block -> pruner.mayMatch(block.interval()))) {
        continue;
      }
      shards.add(blocks.get(0).shard());
      rows += blocks.stream().mapToLong(OpenBlock::rows).sum();
      bytes += blocks.stream().mapToLong(OpenBlock::bytes).sum();
      if (bytes >= SPLIT_BYTES) {
        addOpen(view, shards, rows);
        shards.clear();
        rows = 0;
        bytes = 0;
      }
    }
    addOpen(view, shards, rows);
  }

  /** The open blocks of batches that are not completed. */
  private Map<Integer, List<OpenBlock>> byShard(Cut.View view) {
    TreeMap<Integer, List<OpenBlock>> byShard = new TreeMap<>();
    for (OpenBlock block : view.pinned().open()) {
      if (batchOf(block) > completed) {
        byShard.computeIfAbsent(block.shard(), shard -> new ArrayList<>()).add(block);
      }
    }
    return byShard;
  }

  private long batchOf(OpenBlock block) {
    return rules.batchOf(rules.startMicros(block.interval()));
  }

  private void addOpen(Cut.View view, List<Integer> shards, long rows) {
    if (!shards.isEmpty()) {
      add(
          "live-",
          List.of(
              LiveRange.of(view.subtask(), view.pinned().lease(), shards, leftOut(view), rows)));
    }
  }

  /** The server filters by the batch only if the view has a block of a completed one. */
  private long leftOut(Cut.View view) {
    return view.pinned().open().stream().allMatch(block -> batchOf(block) > completed)
        ? BatchNumbers.NONE
        : completed;
  }

  private void addSealed(List<BlockFile> files) {
    ArrayList<SplitPart> parts = new ArrayList<>();
    long bytes = 0;
    for (BlockFile file : files) {
      if (!pruner.mayMatch(file.batchNumber(), file.uploadFromMicros(), file.uploadToMicros())) {
        continue;
      }
      parts.add(range(file));
      bytes += file.sizeBytes();
      if (bytes >= SPLIT_BYTES) {
        add("sealed-", parts);
        parts.clear();
        bytes = 0;
      }
    }
    if (!parts.isEmpty()) {
      add("sealed-", parts);
    }
  }

  private static FileRange range(BlockFile file) {
    return new FileRange(
        Layer.EVENTS,
        file.path(),
        FileFormat.AVRO,
        file.batchNumber(),
        0,
        file.sizeBytes(),
        file.sizeBytes(),
        file.rows());
  }

  private void add(String kind, List<SplitPart> parts) {
    splits.add(new ScanSplit(kind + splits.size(), token, parts, 0));
  }
}
