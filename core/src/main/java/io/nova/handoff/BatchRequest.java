package io.nova.handoff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to the job, as the topic {@code batches} holds it. The key of its Kafka record is the
 * request id, its header {@code kind} is {@code request}.
 *
 * @param version 1
 * @param kind what is asked
 * @param batch the batch; null where the kind has none
 * @param partition the partition to retire; null for the other kinds
 * @param force whether a close does not wait for slow partitions, or a completion needs no figures
 *     of the batch layer
 * @param leaveOut the partitions that this close does not wait for
 * @param link UUID of the closing link that the batch layer has read; for complete only
 * @param audit the batch layer's figures; null where it gave none
 * @param by who asks
 * @param atMs when, milliseconds since 1970, by the clock of the one who asks
 */
public record BatchRequest(
    int version,
    Kind kind,
    @Nullable Long batch,
    @Nullable Integer partition,
    boolean force,
    List<Integer> leaveOut,
    @Nullable String link,
    @Nullable AuditFigures audit,
    String by,
    long atMs) {
  /** What is asked. */
  public enum Kind {
    CLOSE,
    COMPLETE,
    WITHDRAW,
    /** End the wait for a partition. */
    RETIRE,
    /** Run the hourly task now. */
    EXPIRE
  }

  public BatchRequest {
    BatchJson.check(version);
    leaveOut = List.copyOf(leaveOut);
  }

  /** A request to close a batch. */
  public static BatchRequest close(
      long batch, boolean force, List<Integer> leaveOut, String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.CLOSE, batch, null, force, leaveOut, null, null, by, atMs);
  }

  /** A request to complete a batch. */
  public static BatchRequest complete(
      long batch, String link, @Nullable AuditFigures audit, String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.COMPLETE, batch, null, false, List.of(), link, audit, by, atMs);
  }

  /** A request to complete a batch that the batch layer has not loaded. */
  public static BatchRequest forceComplete(long batch, String link, String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.COMPLETE, batch, null, true, List.of(), link, null, by, atMs);
  }

  /** A request to take a completion back. */
  public static BatchRequest withdraw(long batch, String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.WITHDRAW, batch, null, false, List.of(), null, null, by, atMs);
  }

  /** A request to no longer wait for a partition. */
  public static BatchRequest retire(int partition, String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.RETIRE, null, partition, false, List.of(), null, null, by, atMs);
  }

  /** A request to run the hourly task now. */
  public static BatchRequest expire(String by, long atMs) {
    return new BatchRequest(
        BatchJson.VERSION, Kind.EXPIRE, null, null, false, List.of(), null, null, by, atMs);
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
  public static BatchRequest read(byte[] stored) {
    return BatchJson.read(stored, BatchRequest.class);
  }
}
