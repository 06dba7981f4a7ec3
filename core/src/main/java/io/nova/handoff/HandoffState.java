package io.nova.handoff;

import java.util.List;
import java.util.Map;

/**
 * What a checkpoint knows of the handoff.
 *
 * @param version 1
 * @param topicId Kafka's id of the topic {@code batches}
 * @param position the offset of the last record read from it; -1 before any
 * @param closed all batches up to this one are closed; {@link BatchNumbers#NONE} before any
 * @param closedBy who asked for the last close
 * @param partitions the partitions of the events
 * @param waiting closes that were answered before a restore
 * @param open requests without an answer, oldest first
 */
public record HandoffState(
    int version,
    String topicId,
    long position,
    long closed,
    String closedBy,
    List<PartitionState> partitions,
    List<AnsweredClose> waiting,
    List<OpenRequest> open) {
  /**
   * A close that was answered and that a restored job has not taken again.
   *
   * @param batch its batch
   * @param by who asked
   * @param offsets the offsets that its answer names, by partition
   */
  public record AnsweredClose(long batch, String by, Map<Integer, Long> offsets) {
    public AnsweredClose {
      offsets = Map.copyOf(offsets);
    }
  }

  public HandoffState {
    if (version != BatchJson.VERSION) {
      throw new IllegalStateException(
          ("State of the handoff: version %s found, %s expected. A newer Nova wrote it: restore"
                  + " with that one.")
              .formatted(version, BatchJson.VERSION));
    }
    partitions = List.copyOf(partitions);
    waiting = List.copyOf(waiting);
    open = List.copyOf(open);
  }

  /** The state of a job that has read nothing. */
  public static HandoffState first(String topicId) {
    return new HandoffState(
        BatchJson.VERSION,
        topicId,
        -1,
        BatchNumbers.NONE,
        Handoff.BY_ITSELF,
        List.of(),
        List.of(),
        List.of());
  }

  /**
   * For another topic, which is read from its beginning. Requests of the former one that the table
   * committer decides are dropped: their offsets would be those of other requests.
   */
  public HandoffState onTopic(String id) {
    List<OpenRequest> here = open.stream().filter(OpenRequest::isJudgedHere).toList();
    return new HandoffState(version, id, -1, closed, closedBy, partitions, waiting, here);
  }

  /** Writes the stored form. */
  public byte[] write() {
    return BatchJson.write(this);
  }

  /** Reads the stored form. */
  public static HandoffState read(byte[] stored) {
    return BatchJson.read(stored, HandoffState.class);
  }
}
