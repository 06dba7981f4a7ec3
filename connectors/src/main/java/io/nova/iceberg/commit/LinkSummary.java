package io.nova.iceberg.commit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The place of a snapshot in the commit chain, as the snapshot's summary states it. Readers of the
 * table learn from it which run of the job wrote the snapshot, and which sealed blocks it contains.
 *
 * @param snapshotId Iceberg's id of the snapshot
 * @param uuid the link whose content the snapshot has
 * @param generation the run of the job that committed it
 * @param step the name of its {@link Step}, or a name that only a newer Nova knows
 * @param sequences by shard, the sequence of the last sealed block in the snapshot; empty before
 *     the first block
 */
public record LinkSummary(
    long snapshotId, String uuid, String generation, String step, List<Long> sequences) {
  static final String UUID = "nova.uuid";
  static final String GENERATION = "nova.generation";
  static final String STEP = "nova.step";
  static final String SEQUENCES = "nova.sequences";
  static final String REAPPLIED = "nova.reapplied";
  static final String GIVEN_UP = "nova.given-up";
  static final String TALLY = "nova.tally";
  static final String BLOCK_FILES = "nova.block-files";
  static final String CHUNKS = "nova.chunks";
  static final String CLOSED = "nova.closed";
  static final String CLOSED_BATCH = "nova.closed-batch";
  static final String CLOSED_BY = "nova.closed-by";
  static final String OFFSETS = "nova.offsets";
  static final String TAG_BATCH = "nova.tag-batch";
  static final String TAG_LINK = "nova.tag-link";

  /** Why a snapshot was committed. */
  public enum Step {
    /** The first snapshot of a table, without content. */
    BIRTH,
    /** A start of the job: a new generation with the content of an earlier snapshot. */
    MARKER,
    /** Block files were added. */
    APPEND,
    /** Chunks replaced block files. */
    REWRITE,
    /** A side snapshot: the files of one closed batch. It is no place in the chain. */
    TAG,
    /** The handoff changed: a batch was completed or withdrawn. */
    HANDOFF,
    /** The files of completed batches were removed. */
    REMOVE,
    /** Tags were dropped. */
    TAGS,
    /** Snapshots were expired. */
    EXPIRE
  }

  public LinkSummary {
    sequences = List.copyOf(sequences);
  }

  /** Reads the summary of a snapshot; empty for no snapshot and for one that Nova did not write. */
  public static Optional<LinkSummary> of(@Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    Map<String, String> summary = snapshot.summary();
    String uuid = summary.get(UUID);
    String generation = summary.get(GENERATION);
    String step = summary.get(STEP);
    return uuid == null || generation == null || step == null
        ? Optional.empty()
        : Optional.of(
            new LinkSummary(
                snapshot.snapshotId(),
                uuid,
                generation,
                step,
                Sequences.decode(summary.getOrDefault(SEQUENCES, ""))));
  }

  /**
   * Whether a snapshot has a link that a start applied again. Its files may be those of an
   * abandoned branch, too.
   */
  public static boolean isReapplied(Snapshot snapshot) {
    return snapshot.summary().containsKey(REAPPLIED);
  }

  /** Whether no link follows a snapshot yet: a job without state may begin there. */
  static boolean isBirth(Snapshot snapshot) {
    return of(snapshot).filter(l -> l.isFor(Step.BIRTH)).isPresent();
  }

  /** Offsets by partition, as a summary writes them: {@code partition:offset,…}. */
  static String text(Map<Integer, Long> offsets) {
    return new TreeMap<>(offsets)
        .entrySet().stream()
            .map(one -> one.getKey() + ":" + one.getValue())
            .collect(Collectors.joining(","));
  }

  /**
   * The offsets of a closing link or of a side snapshot: by partition, the offset after the last
   * record that was read. Empty for other snapshots.
   */
  public static Map<Integer, Long> offsets(Snapshot snapshot) {
    String text = snapshot.summary().getOrDefault(OFFSETS, "");
    Map<Integer, Long> offsets = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String one : text.split(",", -1)) {
        int colon = one.indexOf(':');
        offsets.put(
            Integer.valueOf(one.substring(0, colon)), Long.valueOf(one.substring(colon + 1)));
      }
    }
    return offsets;
  }

  /** The sequence of a shard's last sealed block in the snapshot, 0 if it has none. */
  public long sequence(int shard) {
    return sequences.isEmpty() ? 0 : sequences.get(shard);
  }

  /** Whether the snapshot was committed for this step. */
  boolean isFor(Step one) {
    return one.name().equals(step);
  }

  /** Whether the snapshot has the content of this link, in this generation. */
  boolean is(String otherUuid, String otherGeneration) {
    return uuid.equals(otherUuid) && generation.equals(otherGeneration);
  }

  @Override
  public String toString() {
    return "link %s of generation %s (%s, snapshot %d)"
        .formatted(uuid, generation, step, snapshotId);
  }
}
