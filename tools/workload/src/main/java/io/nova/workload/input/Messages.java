package io.nova.workload.input;

import java.util.List;
import java.util.OptionalLong;

/** A source of messages: the same messages in the same order each time it is opened. */
public interface Messages {
  /** The name of the source for users: file names, or the generator and its seed. */
  String name();

  /** The number of messages; empty when it is not known without reading them. */
  OptionalLong count();

  /**
   * The parts of the source that may hold messages but are not read, each with its name and reason.
   *
   * @throws java.io.UncheckedIOException when the source cannot be listed; the message names it
   */
  default List<String> leftOut() {
    return List.of();
  }

  /**
   * Opens the source at its first message. Standard input can be opened once.
   *
   * @throws java.io.UncheckedIOException when the source cannot be opened; the message names it
   */
  MessageCursor open();
}
