package io.nova.workload.input;

import java.util.OptionalLong;

/** A source of messages that gives the same messages in the same order each time it is opened. */
public interface Messages {
  /** What to call this source in front of a user: file names, or the generator and its seed. */
  String name();

  /** How many messages there are, where that is known without reading them. */
  OptionalLong count();

  /**
   * Starts at the first message. Standard input can be opened once.
   *
   * @throws java.io.UncheckedIOException when the source cannot be opened; the message names it
   */
  MessageCursor open();
}
