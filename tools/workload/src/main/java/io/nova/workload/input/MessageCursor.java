package io.nova.workload.input;

import java.util.Iterator;

/**
 * Messages one after the other. {@code hasNext} and {@code next} throw {@link
 * java.io.UncheckedIOException} with the file and the position when the source cannot be read. For
 * one thread.
 */
public interface MessageCursor extends Iterator<Message>, AutoCloseable {
  /** Releases files; what was not read stays unread. */
  @Override
  void close();
}
