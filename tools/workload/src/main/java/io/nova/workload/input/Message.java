package io.nova.workload.input;

import org.jspecify.annotations.Nullable;

/**
 * One Kafka message to send. The receiver of a message owns its value; nobody else writes to it.
 * Two messages are equal only if they have the same array.
 *
 * @param value the bytes to send; null for a message without a value
 * @param envelope the envelope of an element that was taken out of its message, as the rejected
 *     topic has it; null for a whole message
 * @param partition the partition to send it to, or {@link #ANY_PARTITION}
 * @param uploadMicros its upload time in microseconds since 1970, or {@link #UNKNOWN_TIME}; only
 *     the pace of sending depends on it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Message(
    byte @Nullable [] value, byte @Nullable [] envelope, int partition, long uploadMicros) {
  /** The header of a record whose value is an element; its value is the envelope. */
  public static final String ELEMENT = "nova-element";

  /** Lets the sender choose the partition, round robin. */
  public static final int ANY_PARTITION = -1;

  /** The upload time of a message from which none could be read. */
  public static final long UNKNOWN_TIME = Long.MIN_VALUE;

  /** A whole message. */
  public Message(byte @Nullable [] value, int partition, long uploadMicros) {
    this(value, null, partition, uploadMicros);
  }

  /** Checks the partition. */
  public Message {
    if (partition < ANY_PARTITION) {
      throw new IllegalArgumentException(
          "Partition " + partition + " of a message: expected 0 or more, or -1 for any.");
    }
  }

  /** The length of the value in bytes; 0 without a value. */
  public int sizeBytes() {
    return value == null ? 0 : value.length;
  }
}
