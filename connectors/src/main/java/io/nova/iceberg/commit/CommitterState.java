package io.nova.iceberg.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.Link.Totals;
import io.nova.shard.progress.Ancestry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The committer's state in a checkpoint, stored as JSON.
 *
 * @param version 1
 * @param applied UUID of the last link that is known to be in the table
 * @param pending the later links in order; each may be in the table or not
 * @param sequences by shard, the sequence of the last sealed block up to the last link
 * @param totals the files that the chain has added up to the last link
 * @param unmerged by batch, the number of block files and small chunks that no chunk has replaced;
 *     absent for zero
 * @param merged by batch that is not closed, the rows of its chunks that are not small, and their
 *     audit digest
 * @param closes the greatest close that was ordered and has no link; null for none
 * @param known the closing links of this branch, oldest first. An entry stands for all batches up
 *     to its own that no earlier entry has
 * @param handedOff the batches that a restore has left to the batch layer, oldest first
 * @param lineage the checkpoints that this state descends from, its own at the end
 * @param takenAtMs when its checkpoint was taken, milliseconds since 1970 by the clock of the job;
 *     0 before any
 */
public record CommitterState(
    int version,
    String applied,
    List<Link> pending,
    @JsonSerialize(converter = Sequences.ToText.class)
        @JsonDeserialize(converter = Sequences.OfText.class)
        List<Long> sequences,
    Totals totals,
    Map<Long, Integer> unmerged,
    Map<Long, AuditFigures> merged,
    @Nullable CloseOrder closes,
    List<ClosedBatch> known,
    List<ClosedBatch> handedOff,
    Ancestry lineage,
    long takenAtMs) {
  static final int VERSION = 1;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  public CommitterState {
    if (version != VERSION) {
      throw new IllegalStateException(
          ("Committer state: version %s found, %s expected. A newer Nova wrote it: restore with "
                  + "that one.")
              .formatted(version, VERSION));
    }
    pending = List.copyOf(pending);
    sequences = List.copyOf(sequences);
    unmerged = Collections.unmodifiableMap(new TreeMap<>(unmerged));
    merged = Collections.unmodifiableMap(new TreeMap<>(merged));
    known = List.copyOf(known);
    handedOff = List.copyOf(handedOff);
  }

  /**
   * UUID of the link that closed a batch: of this branch, or the one that the batch layer has read.
   * Empty if the state is from before the close.
   */
  Optional<String> closingLink(long batch) {
    return Stream.concat(
            handedOff.stream().filter(one -> one.batch() == batch),
            known.stream().filter(one -> one.batch() >= batch))
        .map(ClosedBatch::link)
        .findFirst();
  }

  /** The greatest batch that is closed or was left to the batch layer. */
  long lastClosed() {
    return Stream.concat(known.stream(), handedOff.stream())
        .mapToLong(ClosedBatch::batch)
        .max()
        .orElse(BatchNumbers.NONE);
  }

  /** When the state was taken and how old it is, for the message of a start that fails. */
  String age(Instant now) {
    Instant taken = Instant.ofEpochMilli(takenAtMs);
    Duration age = Duration.between(taken, now);
    return "The state was taken at %s, %d days and %d hours ago"
        .formatted(taken.truncatedTo(ChronoUnit.SECONDS), age.toDays(), age.toHoursPart());
  }

  /** Writes the stored form. */
  public byte[] write() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the stored form.
   *
   * @throws UncheckedIOException if the bytes are damaged or have another version
   */
  public static CommitterState read(byte[] stored) {
    try {
      return JSON.readValue(stored, CommitterState.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Committer state cannot be read: " + e.getMessage(), e);
    }
  }
}
