package io.nova.workload.input;

import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Messages up to a size: longer ones are left out, as a broker does. */
public final class MessagesUpTo implements Messages {
  private final Messages all;
  private final int maxBytes;

  /** Those of {@code all} whose values have at most {@code maxBytes}. */
  public MessagesUpTo(Messages all, int maxBytes) {
    this.all = all;
    this.maxBytes = maxBytes;
  }

  @Override
  public String name() {
    return all.name();
  }

  /** How many there are at most. */
  @Override
  public OptionalLong count() {
    return all.count();
  }

  @Override
  public MessageCursor open() {
    return new Shorter(all.open(), maxBytes);
  }

  private static final class Shorter implements MessageCursor {
    private final MessageCursor all;
    private final int maxBytes;
    private @Nullable Message next;

    Shorter(MessageCursor all, int maxBytes) {
      this.all = all;
      this.maxBytes = maxBytes;
    }

    @Override
    public boolean hasNext() {
      while (next == null && all.hasNext()) {
        Message message = all.next();
        next = message.sizeBytes() <= maxBytes ? message : null;
      }
      return next != null;
    }

    @Override
    public Message next() {
      Message message = hasNext() ? next : null;
      if (message == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return message;
    }

    @Override
    public void close() {
      all.close();
    }
  }
}
