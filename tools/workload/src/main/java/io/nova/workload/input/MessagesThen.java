package io.nova.workload.input;

import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one source, then those of another.
 *
 * @param first read to its end before the other is opened
 * @param then read after it
 */
public record MessagesThen(Messages first, Messages then) implements Messages {
  @Override
  public String name() {
    return "%s, then %s".formatted(first.name(), then.name());
  }

  @Override
  public OptionalLong count() {
    return first.count().isPresent() && then.count().isPresent()
        ? OptionalLong.of(first.count().getAsLong() + then.count().getAsLong())
        : OptionalLong.empty();
  }

  @Override
  public MessageCursor open() {
    return new Cursor(first.open(), then);
  }

  private static final class Cursor implements MessageCursor {
    private MessageCursor current;
    private @Nullable Messages later;

    Cursor(MessageCursor first, Messages later) {
      this.current = first;
      this.later = later;
    }

    @Override
    public boolean hasNext() {
      Messages other = later;
      if (!current.hasNext() && other != null) {
        current.close();
        later = null;
        current = other.open();
      }
      return current.hasNext();
    }

    @Override
    public Message next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return current.next();
    }

    @Override
    public void close() {
      current.close();
    }
  }
}
