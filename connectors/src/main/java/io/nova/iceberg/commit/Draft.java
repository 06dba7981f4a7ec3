package io.nova.iceberg.commit;

import io.nova.event.Tally;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.commit.Link.Totals;
import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What has come to the committer since the last checkpoint, and the end of the chain that it will
 * be added to.
 *
 * <p>Not thread safe.
 */
public final class Draft {
  private final long[] sequences;
  private final List<BlockFile> blockFiles = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private String last;
  private Totals totals;

  private Draft(String last, long[] sequences, Totals totals) {
    this.last = last;
    this.sequences = sequences;
    this.totals = totals;
  }

  /** The draft of a chain that begins with this link. */
  public static Draft first(String birth, int shards) {
    return new Draft(birth, new long[shards], Totals.NONE);
  }

  /** The draft behind a restored state. */
  public static Draft after(CommitterState state) {
    String last =
        state.pending().isEmpty()
            ? state.applied()
            : state.pending().get(state.pending().size() - 1).uuid();
    long[] sequences = state.sequences().stream().mapToLong(Long::longValue).toArray();
    return new Draft(last, sequences, state.totals());
  }

  /** Adds a block file. */
  public void add(BlockFile file) {
    for (BlockFile.Block block : file.blocks()) {
      sequences[block.shard()] = Math.max(sequences[block.shard()], block.sequence());
    }
    blockFiles.add(file);
  }

  /** Adds a chunk. */
  public void add(Chunk chunk) {
    chunks.add(chunk);
  }

  /** Whether there is anything to commit. */
  public boolean isEmpty() {
    return blockFiles.isEmpty() && chunks.isEmpty();
  }

  /** What the chain has added, with all that was drawn. */
  public Totals totals() {
    return totals;
  }

  /** Draws the next link from what has come, and starts over behind it. */
  public Link draw(String generation, Tally tally) {
    totals = totals.plus(blockFiles.size(), chunks.size());
    Link link =
        new Link(
            UUID.randomUUID().toString(),
            last,
            generation,
            blockFiles,
            chunks,
            sequences(),
            tally,
            totals);
    last = link.uuid();
    blockFiles.clear();
    chunks.clear();
    return link;
  }

  /** The committer's state at a checkpoint, when everything that came has been drawn. */
  public CommitterState state(String applied, List<Link> pending) {
    return new CommitterState(CommitterState.VERSION, applied, pending, sequences(), totals);
  }

  private List<Long> sequences() {
    return Arrays.stream(sequences).boxed().collect(Collectors.toList());
  }
}
