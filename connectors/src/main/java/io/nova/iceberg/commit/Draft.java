package io.nova.iceberg.commit;

import io.nova.event.Tally;
import io.nova.event.audit.AuditDigest;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.commit.Link.Totals;
import io.nova.shard.BlockFile;
import io.nova.shard.progress.Ancestry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The next link of the commit chain while its files arrive, between two checkpoints.
 *
 * <p>It also knows when a batch may close. A close is ordered for all batches up to a number. Every
 * shard then says that it has sealed its blocks of these batches, after their block files. Chunks
 * replace the block files. The next link closes the batches once every shard has said so, and no
 * block file or small chunk of these batches is left. What the shards have said is no state: they
 * say it again after a restore.
 *
 * <p>Not thread safe.
 */
public final class Draft {
  private final long[] sequences;
  private final long[] sealedUpTo;
  private final TreeMap<Long, Integer> unmerged;
  private final TreeMap<Long, AuditFigures> merged;
  private final List<ClosedBatch> known;
  private final List<BlockFile> blockFiles = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private String last;
  private Totals totals;
  private @Nullable CloseOrder order;
  private final List<ClosedBatch> handedOff;
  private long removed = BatchNumbers.NONE;
  private Ancestry lineage;
  private long takenAtMs;

  private Draft(CommitterState state) {
    this.last =
        state.pending().isEmpty()
            ? state.applied()
            : state.pending().get(state.pending().size() - 1).uuid();
    this.sequences = state.sequences().stream().mapToLong(Long::longValue).toArray();
    this.sealedUpTo = new long[sequences.length];
    Arrays.fill(sealedUpTo, BatchNumbers.NONE);
    this.totals = state.totals();
    this.unmerged = new TreeMap<>(state.unmerged());
    this.merged = new TreeMap<>(state.merged());
    this.order = state.closes();
    this.known = new ArrayList<>(state.known());
    this.handedOff = new ArrayList<>(state.handedOff());
    this.lineage = state.lineage();
    this.takenAtMs = state.takenAtMs();
  }

  /** The draft of the first link after the link that begins a chain. */
  public static Draft first(String birth, int shards) {
    List<Long> sequences = Arrays.stream(new long[shards]).boxed().toList();
    return new Draft(
        new CommitterState(
            CommitterState.VERSION,
            birth,
            List.of(),
            sequences,
            Totals.NONE,
            Map.of(),
            Map.of(),
            null,
            List.of(),
            List.of(),
            Ancestry.NONE,
            0));
  }

  /** The draft of the first link after a restored state. */
  public static Draft after(CommitterState state) {
    return new Draft(state);
  }

  /** Adds a block file. */
  public boolean add(BlockFile file) {
    for (BlockFile.Block block : file.blocks()) {
      sequences[block.shard()] = Math.max(sequences[block.shard()], block.sequence());
    }
    boolean kept = file.batchNumber() > leftUpTo();
    if (kept) {
      count(file.batchNumber(), 1);
      blockFiles.add(file);
    }
    return kept;
  }

  /**
   * Adds a chunk. It may arrive before the block files that it replaces, but not before the small
   * chunks. A small chunk counts like a block file: its rows count when they have their last chunk.
   */
  public boolean add(Chunk chunk) {
    long batch = chunk.batchNumber();
    if (batch <= leftUpTo()) {
      return false;
    }
    count(batch, -chunk.merged().size() - chunk.mergedChunks().size());
    if (chunk.small()) {
      count(batch, 1);
    } else {
      merged.merge(batch, new AuditFigures(chunk.rows(), chunk.digest()), Draft::sum);
    }
    chunks.add(chunk);
    return true;
  }

  private static AuditFigures sum(AuditFigures one, AuditFigures other) {
    AuditDigest digest = AuditDigest.of(one.rows(), one.digest());
    digest.add(AuditDigest.of(other.rows(), other.digest()));
    return new AuditFigures(digest.rows(), digest.hex());
  }

  private void count(long batch, int more) {
    unmerged.merge(batch, more, (was, added) -> was + added == 0 ? null : was + added);
  }

  /**
   * Orders the close of all batches up to one. Nothing happens if a link closes it already.
   *
   * @param by who asked for the close; {@code nova} where nobody did
   */
  public void close(long batch, String by) {
    if (batch > closed() && (order == null || batch > order.batch())) {
      order = new CloseOrder(batch, by);
    }
  }

  /**
   * Leaves batches to the batch layer, after a restore to before their close. Their files are
   * dropped from now on: readers do not see them.
   *
   * @param batches completed batches that this draft's state had not closed, oldest first
   */
  public void handOff(List<ClosedBatch> batches) {
    if (batches.isEmpty()) {
      return;
    }
    handedOff.addAll(batches);
    unmerged.headMap(leftUpTo(), true).clear();
    merged.headMap(leftUpTo(), true).clear();
    if (order != null && order.batch() <= leftUpTo()) {
      order = null;
    }
  }

  /** Files of batches up to this one are no part of a link. */
  private long leftUpTo() {
    return handedOff.isEmpty()
        ? removed
        : Math.max(removed, handedOff.get(handedOff.size() - 1).batch());
  }

  /**
   * Notes the checkpoint that takes the next state.
   *
   * @param atMs when, milliseconds since 1970
   */
  public void takenBy(Ancestry checkpoints, long atMs) {
    lineage = checkpoints;
    takenAtMs = atMs;
  }

  /** The checkpoints that the draft descends from. */
  public Ancestry lineage() {
    return lineage;
  }

  /** A shard has sealed all its blocks of the batches up to one. Their block files came before. */
  public void sealed(int shard, long batch) {
    sealedUpTo[shard] = Math.max(sealedUpTo[shard], batch);
  }

  /** Whether the next link closes batches. To be asked at a checkpoint only. */
  public boolean mayClose() {
    return order != null && isSealed(order.batch()) && isMerged(order.batch());
  }

  /** Whether every shard has said in this run that the batches up to one are sealed. */
  public boolean isSealed(long batch) {
    return Arrays.stream(sealedUpTo).allMatch(upTo -> upTo >= batch);
  }

  private boolean isMerged(long batch) {
    return unmerged.headMap(batch, true).isEmpty();
  }

  /**
   * The greatest batch that a link of this branch closes, or that was left to the batch layer;
   * {@link BatchNumbers#NONE} for none.
   */
  public long closed() {
    long here = known.isEmpty() ? BatchNumbers.NONE : known.get(known.size() - 1).batch();
    return Math.max(here, leftUpTo());
  }

  /** The number of block files and small chunks that no chunk has replaced. */
  public long unmerged() {
    return unmerged.values().stream().mapToLong(Integer::longValue).sum();
  }

  /**
   * Forgets what no start asks for.
   *
   * @param deleted files of batches up to this one were removed from the table
   * @param tagged the first batch that the table's handoff still names; a start compares its link
   */
  public void forget(long deleted, long tagged) {
    removed = Math.max(removed, deleted);
    long needed = Math.min(deleted, tagged);
    known.removeIf(one -> one.batch() < needed);
    handedOff.removeIf(one -> one.batch() < needed);
  }

  /** Whether there is nothing for a link: no file has arrived, and no batch may close. */
  public boolean isEmpty() {
    return blockFiles.isEmpty() && chunks.isEmpty() && !mayClose();
  }

  /** The files of all links so far, the draft not included. */
  public Totals totals() {
    return totals;
  }

  /**
   * Takes back the last link, which was never applied: its files become part of the next one.
   *
   * @throws IllegalArgumentException if it is not the last link, or closes batches
   */
  public void takeBack(Link link) {
    if (!link.uuid().equals(last) || link.closes() != null) {
      throw new IllegalArgumentException(
          "Link %s cannot be taken back: the last one is %s".formatted(link.uuid(), last));
    }
    blockFiles.addAll(0, link.blockFiles());
    chunks.addAll(0, link.chunks());
    totals = totals.plus(-link.blockFiles().size(), -link.chunks().size());
    last = link.parent();
  }

  /** Makes a link of the files that have arrived, without read offsets. */
  public Link draw(String generation, Tally tally) {
    return draw(generation, tally, Map.of());
  }

  /**
   * Makes a link of the files that have arrived, and starts the next draft. The link closes batches
   * if they may close.
   *
   * @param offsets by partition, the offset after the last record read at this checkpoint
   */
  public Link draw(String generation, Tally tally, Map<Integer, Long> offsets) {
    CloseOrder closes = mayClose() ? order : null;
    List<Chunk> added = withoutReplaced(chunks);
    totals = totals.plus(blockFiles.size(), added.size());
    Link link =
        new Link(
            UUID.randomUUID().toString(),
            last,
            generation,
            blockFiles,
            added,
            sequences(),
            tally,
            totals,
            closes,
            closes == null ? Map.of() : offsets,
            closes == null ? Map.of() : merged.headMap(closes.batch(), true),
            closes == null ? Ancestry.NONE : lineage);
    if (closes != null) {
      merged.headMap(closes.batch(), true).clear();
      known.add(new ClosedBatch(closes.batch(), link.uuid()));
      order = null;
    }
    last = link.uuid();
    blockFiles.clear();
    chunks.clear();
    return link;
  }

  /** A small chunk that was merged before it got a link never enters the table. */
  private static List<Chunk> withoutReplaced(List<Chunk> chunks) {
    Map<String, Chunk> byPath = new LinkedHashMap<>();
    for (Chunk chunk : chunks) {
      Chunk added = chunk;
      for (SmallChunk small : chunk.mergedChunks()) {
        Chunk replaced = byPath.remove(small.path());
        added = replaced == null ? added : added.inPlaceOf(replaced);
      }
      byPath.put(chunk.path(), added);
    }
    return List.copyOf(byPath.values());
  }

  /** The committer's state at a checkpoint, once every arrived file belongs to a link. */
  public CommitterState state(String applied, List<Link> pending) {
    return new CommitterState(
        CommitterState.VERSION,
        applied,
        pending,
        sequences(),
        totals,
        unmerged,
        merged,
        order,
        known,
        handedOff,
        lineage,
        takenAtMs);
  }

  private List<Long> sequences() {
    return Arrays.stream(sequences).boxed().collect(Collectors.toList());
  }
}
