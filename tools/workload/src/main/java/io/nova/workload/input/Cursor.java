package io.nova.workload.input;

import java.util.Iterator;

/**
 * Elements of a source, one after the other. Whoever opened a cursor closes it. For one thread.
 *
 * @param <T> what the source consists of
 */
public interface Cursor<T> extends Iterator<T>, AutoCloseable {
  /** Releases files and connections. Elements that were not read stay unread. */
  @Override
  void close();
}
