package io.nova.workload.input;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one source, then those of another.
 *
 * @param first read to its end before the other is opened
 * @param then read after the first
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
    return new Both(first.open(), then);
  }

  private static final class Both extends LookAhead<Message> implements MessageCursor {
    private MessageCursor current;
    private @Nullable Messages later;

    Both(MessageCursor first, Messages later) {
      this.current = first;
      this.later = later;
    }

    @Override
    protected @Nullable Message read() {
      Messages other = later;
      if (!current.hasNext() && other != null) {
        current.close();
        later = null;
        current = other.open();
      }
      return current.hasNext() ? current.next() : null;
    }

    @Override
    public void close() {
      super.close();
      current.close();
    }
  }
}
