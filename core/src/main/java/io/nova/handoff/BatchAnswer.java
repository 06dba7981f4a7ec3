package io.nova.handoff;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the job, as the topic {@code batches} holds it. The key of its Kafka record is the
 * request id, or the batch number where nobody asked. Its header {@code kind} is {@code answer}.
 * The first answer to a request is valid; a later one repeats it.
 *
 * @param version 1
 * @param request the request id; null where nobody asked
 * @param state what became of the request
 * @param batch the batch; null where the request has none
 * @param link UUID of the closing link; null before the batch is closed
 * @param offsets by partition, the offset after the last record that the job had read; of a close
 *     and of a retirement
 * @param detail a sentence for the one who asked; empty where there is nothing to say
 * @param atMs when, milliseconds since 1970
 */
public record BatchAnswer(
    int version,
    @Nullable String request,
    State state,
    @Nullable Long batch,
    @Nullable String link,
    Map<Integer, Long> offsets,
    String detail,
    long atMs) {
  /** What became of a request. */
  public enum State {
    /** The batch is closed and has its tag. */
    CLOSED,
    COMPLETED,
    WITHDRAWN,
    RETIRED,
    EXPIRED,
    /** Nothing was changed. */
    REFUSED
  }

  public BatchAnswer {
    BatchJson.check(version);
    offsets = Map.copyOf(offsets);
  }

  /** A batch is closed. */
  public static BatchAnswer closed(
      @Nullable String request, long batch, String link, Map<Integer, Long> offsets, long atMs) {
    return new BatchAnswer(
        BatchJson.VERSION, request, State.CLOSED, batch, link, offsets, "", atMs);
  }

  /** A request was refused. */
  public static BatchAnswer refused(
      String request, @Nullable Long batch, String detail, long atMs) {
    return new BatchAnswer(
        BatchJson.VERSION, request, State.REFUSED, batch, null, Map.of(), detail, atMs);
  }

  /** A request was done. */
  public static BatchAnswer done(
      String request, State state, @Nullable Long batch, String detail, long atMs) {
    return new BatchAnswer(BatchJson.VERSION, request, state, batch, null, Map.of(), detail, atMs);
  }

  /** Writes the stored form. */
  public byte[] write() {
    return BatchJson.write(this);
  }

  /**
   * Reads the stored form.
   *
   * @throws IllegalArgumentException if it is not one of version 1
   */
  public static BatchAnswer read(byte[] stored) {
    return BatchJson.read(stored, BatchAnswer.class);
  }
}
