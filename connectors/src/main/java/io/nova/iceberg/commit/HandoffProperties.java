package io.nova.iceberg.commit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.BatchNumbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @param forced whether the last completion was by force: nobody says that the batch layer has
   *     the rows
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
      @Nullable Long removedAtMs,
      boolean forced) {
    /** A batch that was closed and nothing else. Its digest may be empty: not known. */
    static Batch closed(long batch, String link, long rows, String digest, long atMs, String by) {
      return new Batch(batch, link, rows, digest, atMs, by, null, null, null, null, null, false);
    }

    Batch completed(long atMs, String by, boolean byForce) {
      return new Batch(
          batch,
          link,
          rows,
          digest,
          closedAtMs,
          closedBy,
          atMs,
          by,
          withdrawnAtMs,
          withdrawnBy,
          removedAtMs,
          byForce);
    }

    Batch withdrawn(long atMs, String by) {
      return new Batch(
          batch,
          link,
          rows,
          digest,
          closedAtMs,
          closedBy,
          completedAtMs,
          completedBy,
          atMs,
          by,
          removedAtMs,
          forced);
    }

    Batch removed(long atMs) {
      return new Batch(
          batch,
          link,
          rows,
          digest,
          closedAtMs,
          closedBy,
          completedAtMs,
          completedBy,
          withdrawnAtMs,
          withdrawnBy,
          atMs,
          forced);
    }

    /** Whether its files had been removed at a time. */
    boolean isRemovedBy(long ms) {
      return removedAtMs != null && removedAtMs <= ms;
    }
  }

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
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first batch that has a tag; the greatest number if none has. */
  public long firstTagged() {
    return batches.isEmpty() ? Long.MAX_VALUE : batches.get(0).batch();
  }

  /** What became of a batch; empty if it has no tag. */
  public Optional<Batch> batch(long number) {
    return batches.stream().filter(one -> one.batch() == number).findFirst();
  }

  /** The handoff with another entry of a batch. */
  HandoffProperties with(Batch entry) {
    List<Batch> all = new ArrayList<>(without(entry.batch()).batches);
    all.add(entry);
    all.sort(Comparator.comparingLong(Batch::batch));
    return with(all);
  }

  /** The handoff without the entry of a batch. */
  HandoffProperties without(long batch) {
    return with(batches.stream().filter(one -> one.batch() != batch).toList());
  }

  private HandoffProperties with(List<Batch> others) {
    return new HandoffProperties(version, completed, deleted, topicId, position, others);
  }

  /** The handoff with another completed batch. */
  HandoffProperties upTo(long batch) {
    return new HandoffProperties(version, batch, deleted, topicId, position, batches);
  }

  /** The handoff with another removed batch. */
  HandoffProperties deletedUpTo(long batch) {
    return new HandoffProperties(version, completed, batch, topicId, position, batches);
  }

  /** The handoff with a later position of the last request. */
  HandoffProperties at(RequestPosition request) {
    return isApplied(request)
        ? this
        : new HandoffProperties(
            version, completed, deleted, request.topicId(), request.offset(), batches);
  }

  /**
   * Whether a request was applied before.
   *
   * @throws IllegalStateException if its topic is not that of the requests before
   */
  boolean isApplied(RequestPosition request) {
    return onTopic(request.topicId(), false).position >= request.offset();
  }

  /**
   * The handoff with requests of a topic; another topic than before begins before its first offset.
   *
   * @throws IllegalStateException if it is another topic, and that is not accepted
   */
  HandoffProperties onTopic(String id, boolean accepted) {
    if (id.equals(topicId)) {
      return this;
    }
    if (topicId != null && !accepted) {
      throw new IllegalStateException(
          ("Topic batches has id %s. The last request of the table came from a topic with id %s, at"
                  + " offset %s. If the topic was made again, accept it with"
                  + " nova.batches.accept-topic. Nothing was changed.")
              .formatted(id, topicId, position));
    }
    return new HandoffProperties(version, completed, deleted, id, -1, batches);
  }

  /** Whether the batch layer answers for a batch. */
  public boolean isCompleted(long batch) {
    return batch <= completed;
  }
}
