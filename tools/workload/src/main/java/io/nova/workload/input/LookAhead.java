package io.nova.workload.input;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a source that reports its end only when it is read. It reads one element ahead, and
 * only when somebody asks. For one thread.
 *
 * @param <T> what the source consists of
 */
public abstract class LookAhead<T> implements Cursor<T> {
  private @Nullable T next;
  private boolean ended;

  /** Reads the next element; null at the end, after which it is not called again. */
  protected abstract @Nullable T read();

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      next = read();
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public final T next() {
    T element = hasNext() ? next : null;
    if (element == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return element;
  }

  @Override
  public void close() {
    next = null;
    ended = true;
  }
}
