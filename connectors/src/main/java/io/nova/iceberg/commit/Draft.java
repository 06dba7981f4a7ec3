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
 * The next link of the commit chain while its files arrive, between two checkpoints.
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

  /** The draft of the first link after the link that begins a chain. */
  public static Draft first(String birth, int shards) {
    return new Draft(birth, new long[shards], Totals.NONE);
  }

  /** The draft of the first link after a restored state. */
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

  /** Whether no file has arrived. */
  public boolean isEmpty() {
    return blockFiles.isEmpty() && chunks.isEmpty();
  }

  /** The files of all links so far, the draft not included. */
  public Totals totals() {
    return totals;
  }

  /** Makes a link of the files that have arrived, and starts the next draft. */
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

  /** The committer's state at a checkpoint, once every arrived file belongs to a link. */
  public CommitterState state(String applied, List<Link> pending) {
    return new CommitterState(CommitterState.VERSION, applied, pending, sequences(), totals);
  }

  private List<Long> sequences() {
    return Arrays.stream(sequences).boxed().collect(Collectors.toList());
  }
}
