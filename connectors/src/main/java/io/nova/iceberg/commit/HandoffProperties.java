package io.nova.iceberg.commit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.BatchNumbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The handoff of a table: one table property, which no rollback of snapshots changes.
 *
 * @param version 1
 * @param completed the batch layer answers for all batches up to this one; {@link
 *     BatchNumbers#NONE} before any
 * @param deleted files of all batches up to this one have been removed; at most {@code completed}
 * @param topicId Kafka's id of the topic {@code batches}; null before its first request
 * @param position the offset of the last request of that topic that was applied; -1 before any
 * @param batches the batches that have a tag, oldest first
 */
public record HandoffProperties(
    int version,
    long completed,
    long deleted,
    @Nullable String topicId,
    long position,
    List<Batch> batches) {
  /** The name of the table property. */
  public static final String PROPERTY = "nova.handoff";

  /** The handoff of a table whose batches have never been closed. */
  public static final HandoffProperties NONE =
      new HandoffProperties(1, BatchNumbers.NONE, BatchNumbers.NONE, null, -1, List.of());

  static final int VERSION = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  /**
   * What became of a batch. Times are milliseconds since 1970, by the clock of the job.
   *
   * @param batch its number
   * @param link UUID of its closing link. The batch is closed only if the list of the head has it
   * @param rows the number of its events
   * @param digest their audit digest, as {@link io.nova.event.audit.AuditDigest} writes it
   * @param closedBy who asked for the close; {@code nova} where nobody did
   */
  public record Batch(
      long batch,
      String link,
      long rows,
      String digest,
      long closedAtMs,
      String closedBy,
      @Nullable Long completedAtMs,
      @Nullable String completedBy,
      @Nullable Long withdrawnAtMs,
      @Nullable String withdrawnBy,
      @Nullable Long removedAtMs) {}

  public HandoffProperties {
    if (version != VERSION) {
      throw new IllegalStateException(
          ("Table property %s: version %s found, %s expected. A newer Nova wrote it. Nothing is"
                  + " changed.")
              .formatted(PROPERTY, version, VERSION));
    }
    if (deleted > completed) {
      throw new IllegalStateException(
          "Table property %s: deleted up to %s, completed up to %s only"
              .formatted(PROPERTY, deleted, completed));
    }
    batches = List.copyOf(batches);
  }

  /** Reads the handoff from the properties of a table. */
  public static HandoffProperties of(Map<String, String> properties) {
    String stored = properties.get(PROPERTY);
    if (stored == null) {
      return NONE;
    }
    try {
      return JSON.readValue(stored, HandoffProperties.class);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Table property %s cannot be read: %s".formatted(PROPERTY, e.getMessage()), e);
    }
  }

  /** The value of the table property. */
  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the batch layer answers for a batch. */
  public boolean isCompleted(long batch) {
    return batch <= completed;
  }
}
