package io.nova.iceberg.commit;

import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot's summary says of its place in the commit chain.
 *
 * @param uuid the link whose content the snapshot has
 * @param generation the run of the job that made it
 * @param step what it was made for: the name of a {@link Step}, or of one that only a later Nova
 *     knows
 */
record LinkSummary(String uuid, String generation, String step) {
  static final String UUID = "nova.uuid";
  static final String GENERATION = "nova.generation";
  static final String STEP = "nova.step";
  static final String SEQUENCES = "nova.sequences";
  static final String TALLY = "nova.tally";
  static final String BLOCK_FILES = "nova.block-files";
  static final String CHUNKS = "nova.chunks";

  /** What a snapshot was made for. */
  enum Step {
    /** The first snapshot of a table, without content. */
    BIRTH,
    /** A start of the job: a new generation of what was there. */
    MARKER,
    /** Block files appeared. */
    APPEND,
    /** Chunks took the place of block files. */
    REWRITE
  }

  static Optional<LinkSummary> of(@Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    Map<String, String> summary = snapshot.summary();
    String uuid = summary.get(UUID);
    String generation = summary.get(GENERATION);
    String step = summary.get(STEP);
    return uuid == null || generation == null || step == null
        ? Optional.empty()
        : Optional.of(new LinkSummary(uuid, generation, step));
  }

  /** Whether it was made for this. */
  boolean isFor(Step one) {
    return one.name().equals(step);
  }

  boolean is(String otherUuid, String otherGeneration) {
    return uuid.equals(otherUuid) && generation.equals(otherGeneration);
  }
}
