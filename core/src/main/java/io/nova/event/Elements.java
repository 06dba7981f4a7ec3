package io.nova.event;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** What a message has whose records are the elements of an array. */
public sealed interface Elements {
  /** The most elements of a message. All of them are in memory at once. */
  int MOST = 10_000;

  /**
   * The largest envelope that a mapping reads, in bytes. Each element is sent with a copy of it. Of
   * a mapping without pointers into the envelope, the largest one that rejected elements keep.
   */
  int LARGEST_ENVELOPE = 8_192;

  /** The most bytes of all copies of a message's envelope together, one for each element. */
  int MOST_ENVELOPE_COPIES_BYTES = 16_777_216;

  /**
   * A message that is rejected as a whole.
   *
   * @param why the fault
   */
  record Faulty(Parsed.Rejected why) implements Elements {}

  /**
   * The elements of a message, in its order. There may be none.
   *
   * @param message the message, as UTF-8 without a byte order mark
   * @param elements its elements
   * @param envelope the message with an empty array in the place of the elements; no bytes where it
   *     or all its copies are too large, and the mapping has no pointer into it
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one
  record Found(byte[] message, List<Element> elements, byte[] envelope) implements Elements {}

  /**
   * One element.
   *
   * @param start index of its first byte in the message
   * @param end index after its last byte
   * @param outcome parses it: an event, or why it is none. To be called once
   */
  record Element(int start, int end, Supplier<Parsed> outcome) {
    /** A copy of its bytes. */
    public byte[] of(byte[] message) {
      return Arrays.copyOfRange(message, start, end);
    }
  }
}
