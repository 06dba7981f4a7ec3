package io.nova.workload.input;

import org.jspecify.annotations.Nullable;

/**
 * One message for the bus. The value is owned by whoever received the message; nobody else writes
 * to it afterwards. (Two messages are equal only if they share one array: compare values yourself.)
 *
 * @param value the bytes to send, never decoded or encoded again; null is a message without a value
 * @param partition the partition to send it to, or {@link #ANY_PARTITION}
 * @param uploadMicros its upload time in microseconds since 1970, or {@link #UNKNOWN_TIME}; only
 *     the pace of sending depends on it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Message(byte @Nullable [] value, int partition, long uploadMicros) {
  /** Leaves the choice of the partition to the sender (round robin). */
  public static final int ANY_PARTITION = -1;

  /** The upload time when none could be read. */
  public static final long UNKNOWN_TIME = Long.MIN_VALUE;

  public Message {
    if (partition < ANY_PARTITION) {
      throw new IllegalArgumentException(
          "Partition " + partition + " of a message: expected 0 or more, or -1 for any.");
    }
  }

  /** The length of the value in bytes; 0 when there is none. */
  public int sizeBytes() {
    return value == null ? 0 : value.length;
  }
}
