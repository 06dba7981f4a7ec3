package io.nova.console.ask.cut;

import io.nova.console.ask.cut.LoadedRows.OpenKey;
import io.nova.console.ask.cut.LoadedRows.OpenPart;
import io.nova.console.ask.cut.LoadedRows.Part;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.TableRules;
import io.nova.live.client.LiveClient;
import io.nova.live.client.LiveRows;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.BlocksRequest;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Loads the rows of one cut that are not in chunks: the newer rows of open blocks, and new block
 * files. Rows that are loaded already stay. A sealed block keeps the rows that were loaded while it
 * was open, if its file has them at the same places. Used once, by one thread.
 */
final class RowLoader {
  /** Blocks in one request, whose body is at most 1 MB. */
  private static final int BLOCKS_IN_REQUEST = 2_000;

  private final RowLoad load;
  private final AskColumns columns;
  private final TableRules rules;
  private final FileIO io;
  private final LiveClient client;
  private final Cut cut;
  private final List<NestedField> stored;
  private final int partitionAt;
  private final int offsetAt;
  private final int indexAt;
  private final Map<OpenKey, OpenPart> before;
  private final Map<OpenKey, OpenPart> open = new HashMap<>();
  private final Map<String, List<Part>> files;

  RowLoader(
      RowLoad load,
      AskColumns columns,
      TableRules rules,
      FileIO io,
      LiveClient client,
      Cut cut,
      LoadedRows loaded) {
    this.load = load;
    this.columns = columns;
    this.rules = rules;
    this.io = io;
    this.client = client;
    this.cut = cut;
    this.stored = columns.stored();
    this.partitionAt = columns.position(EventSchema.KAFKA_PARTITION);
    this.offsetAt = columns.position(EventSchema.KAFKA_OFFSET);
    this.indexAt = columns.position(EventSchema.KAFKA_INDEX);
    this.before = new HashMap<>(loaded.open());
    this.files = new HashMap<>(loaded.files());
  }

  /**
   * Loads what is missing.
   *
   * @param blockFiles the block files of the snapshot, without those of completed batches
   * @return everything that is loaded then; older files are among it
   */
  LoadedRows load(List<DataFile> blockFiles) throws IOException, SQLException {
    for (BlockFile file : cut.sealed()) {
      if (file.batchNumber() > cut.completed()) {
        loadSealed(file);
      }
    }
    for (DataFile file : blockFiles) {
      if (!files.containsKey(file.location())) {
        files.put(file.location(), List.of(wholeFile(file.location(), file.fileSizeInBytes())));
      }
    }
    for (Cut.View view : cut.views()) {
      loadOpen(view);
    }
    return new LoadedRows(cut.views().isEmpty() ? before : open, files);
  }

  private Part wholeFile(String path, long sizeBytes) throws IOException, SQLException {
    Part part = Part.empty(load.newPart());
    try (CloseableIterable<IndexedRecord> rows = rows(path, sizeBytes, stored)) {
      for (IndexedRecord row : rows) {
        part = add(part, row);
      }
    }
    return part;
  }

  private CloseableIterable<IndexedRecord> rows(
      String path, long sizeBytes, List<NestedField> fields) {
    return Avro.read(io.newInputFile(path, sizeBytes))
        .project(new org.apache.iceberg.Schema(fields))
        .reuseContainers()
        .build();
  }

  private Part add(Part part, IndexedRecord row) throws SQLException {
    load.add(part.id(), row, stored);
    return new Part(part.id(), part.rows() + 1, partition(row), offset(row), index(row));
  }

  private int partition(IndexedRecord row) {
    return (Integer) row.get(partitionAt);
  }

  private long offset(IndexedRecord row) {
    return (Long) row.get(offsetAt);
  }

  private int index(IndexedRecord row) {
    return (Integer) row.get(indexAt);
  }

  private void loadSealed(BlockFile file) throws IOException, SQLException {
    if (files.containsKey(file.path())) {
      return;
    }
    List<@Nullable OpenPart> kept = keptBlocks(file);
    long missing = 0;
    for (int i = 0; i < kept.size(); i++) {
      OpenPart part = kept.get(i);
      missing += file.blocks().get(i).rows() - (part == null ? 0 : part.part().rows());
    }
    files.put(file.path(), missing == 0 ? partsOf(kept) : missingRows(file, kept));
  }

  private static List<Part> partsOf(List<@Nullable OpenPart> kept) {
    ArrayList<Part> parts = new ArrayList<>();
    for (OpenPart part : kept) {
      if (part != null) {
        parts.add(part.part());
      }
    }
    return parts;
  }

  /**
   * The loaded open block of each block of the file, null where there is none with the same rows.
   * The last loaded row must be at the same place in the file.
   */
  private List<@Nullable OpenPart> keptBlocks(BlockFile file) throws IOException {
    Map<Integer, Integer> attempts = attempts();
    long interval = intervalOf(file);
    ArrayList<@Nullable OpenPart> kept = new ArrayList<>();
    for (BlockFile.Block block : file.blocks()) {
      OpenPart part = before.get(key(block.shard(), interval));
      boolean fits =
          part != null
              && part.part().rows() <= block.rows()
              && part.sealed() < block.sequence()
              && attempts.getOrDefault(block.shard(), -1) == part.attempt();
      kept.add(fits ? part : null);
    }
    if (kept.stream().allMatch(part -> part == null)) {
      return kept;
    }
    compareEnds(file, kept);
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i) != null) {
        before.remove(key(file.blocks().get(i).shard(), interval));
      }
    }
    return kept;
  }

  private void compareEnds(BlockFile file, List<@Nullable OpenPart> kept) throws IOException {
    List<NestedField> place =
        List.of(stored.get(partitionAt), stored.get(offsetAt), stored.get(indexAt));
    int block = 0;
    long rowInBlock = 0;
    try (CloseableIterable<IndexedRecord> rows = rows(file.path(), file.sizeBytes(), place)) {
      for (IndexedRecord row : rows) {
        while (rowInBlock == file.blocks().get(block).rows()) {
          block++;
          rowInBlock = 0;
        }
        rowInBlock++;
        OpenPart part = kept.get(block);
        if (part != null
            && part.part().rows() == rowInBlock
            && !part.part().endsAt((Integer) row.get(0), (Long) row.get(1), (Integer) row.get(2))) {
          kept.set(block, null);
        }
      }
    }
  }

  private List<Part> missingRows(BlockFile file, List<@Nullable OpenPart> kept)
      throws IOException, SQLException {
    ArrayList<Part> parts = new ArrayList<>();
    int block = -1;
    long left = 0;
    long skip = 0;
    long read = 0;
    Part part = Part.empty(-1);
    try (CloseableIterable<IndexedRecord> rows = rows(file.path(), file.sizeBytes(), stored)) {
      for (IndexedRecord row : rows) {
        while (left == 0) {
          if (block >= 0) {
            parts.add(part);
          }
          block++;
          OpenPart known = kept.get(block);
          part = known == null ? Part.empty(load.newPart()) : known.part();
          skip = part.rows();
          left = file.blocks().get(block).rows();
        }
        left--;
        read++;
        if (skip > 0) {
          skip--;
        } else {
          part = add(part, row);
        }
      }
    }
    parts.add(part);
    if (read != file.rows()) {
      throw new IOException(
          "Block file %s: found %d rows, expected %d. The cut is not used."
              .formatted(file.path(), read, file.rows()));
    }
    return parts;
  }

  private Map<Integer, Integer> attempts() {
    Map<Integer, Integer> attempts = new HashMap<>();
    for (Cut.View view : cut.views()) {
      view.pinned().shards().forEach(end -> attempts.put(end.shard(), view.subtask().attempt()));
    }
    return attempts;
  }

  private long intervalOf(BlockFile file) {
    return Math.floorDiv(file.uploadFromMicros(), rules.blockInterval().toMillis() * 1000);
  }

  private OpenKey key(int shard, long interval) {
    String generation = cut.views().isEmpty() ? "" : cut.views().get(0).pinned().generation();
    return new OpenKey(generation, shard, interval);
  }

  /** Reads the rows of a view's open blocks that are not loaded. */
  private void loadOpen(Cut.View view) throws IOException, SQLException {
    Map<Integer, Long> sealed =
        view.pinned().shards().stream()
            .collect(Collectors.toMap(ShardEnd::shard, ShardEnd::sealed));
    ArrayList<OpenBlock> asked = new ArrayList<>();
    for (OpenBlock block : view.pinned().open()) {
      if (rules.batchOf(rules.startMicros(block.interval())) <= cut.completed()) {
        continue;
      }
      OpenKey key = key(block.shard(), block.interval());
      OpenPart known = before.get(key);
      long shardSealed = sealed.getOrDefault(block.shard(), 0L);
      if (known != null
          && (known.attempt() != view.subtask().attempt() || known.part().rows() > block.rows())) {
        before.remove(key);
        known = null;
      }
      if (known != null && known.part().rows() == block.rows() && known.sealed() == shardSealed) {
        open.put(key, known);
      } else {
        asked.add(block);
      }
    }
    for (int from = 0; from < asked.size(); from += BLOCKS_IN_REQUEST) {
      List<OpenBlock> some = asked.subList(from, Math.min(asked.size(), from + BLOCKS_IN_REQUEST));
      List<OpenBlock> others = read(view, some, sealed);
      // Another block has the same interval: a late part. All of its rows are new.
      others.forEach(block -> before.remove(key(block.shard(), block.interval())));
      read(view, others, sealed);
    }
  }

  /**
   * Reads newer rows. The last row that is loaded comes again, and shows that the block is the
   * same.
   *
   * @return the blocks that are others than those loaded before
   */
  private List<OpenBlock> read(Cut.View view, List<OpenBlock> blocks, Map<Integer, Long> sealed)
      throws IOException, SQLException {
    ArrayList<OpenBlock> others = new ArrayList<>();
    if (blocks.isEmpty()) {
      return others;
    }
    try (LiveRows rows = client.blocks(view.subtask(), request(view, blocks))) {
      for (OpenBlock block : blocks) {
        OpenKey key = key(block.shard(), block.interval());
        OpenPart known = before.get(key);
        Part part = known == null ? Part.empty(load.newPart()) : known.part();
        long skipped = skipped(key);
        boolean same = true;
        for (long row = skipped; row < block.rows(); row++) {
          IndexedRecord next = rows.next();
          if (next == null) {
            throw endsEarly(view.subtask(), block);
          }
          if (row < part.rows()) {
            same = part.endsAt(partition(next), offset(next), index(next));
          } else if (same) {
            part = add(part, next);
          }
        }
        if (same) {
          open.put(
              key,
              new OpenPart(part, view.subtask().attempt(), sealed.getOrDefault(block.shard(), 0L)));
        } else {
          others.add(block);
        }
      }
    }
    return others;
  }

  private static IOException endsEarly(Announcement subtask, OpenBlock block) {
    return new IOException(
        "Live view of subtask %d: its rows end within block %d of key group %d. The cut is not used."
            .formatted(subtask.subtask(), block.interval(), block.shard()));
  }

  private BlocksRequest request(Cut.View view, List<OpenBlock> blocks) {
    return new BlocksRequest(
        view.pinned().lease(),
        blocks.stream()
            .map(
                block ->
                    new BlocksRequest.Block(
                        block.shard(),
                        block.interval(),
                        skipped(key(block.shard(), block.interval()))))
            .toList(),
        columns.ids());
  }

  private long skipped(OpenKey key) {
    OpenPart known = before.get(key);
    return known == null ? 0 : Math.max(0, known.part().rows() - 1);
  }
}
