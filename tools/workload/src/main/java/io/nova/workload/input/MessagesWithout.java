package io.nova.workload.input;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Messages without some of them: those that the broker refused, say. */
public final class MessagesWithout implements Messages {
  private final Messages all;
  private final long[] leftOut;

  /**
   * All messages but those at some places.
   *
   * @param leftOut places from 0, each once, in any order
   */
  public MessagesWithout(Messages all, List<Long> leftOut) {
    this.all = all;
    this.leftOut = leftOut.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public OptionalLong count() {
    OptionalLong count = all.count();
    return count.isPresent() ? OptionalLong.of(count.getAsLong() - leftOut.length) : count;
  }

  @Override
  public MessageCursor open() {
    return new Remaining(all.open(), Arrays.stream(leftOut).iterator());
  }

  private static final class Remaining implements MessageCursor {
    private final MessageCursor all;
    private final Iterator<Long> leftOut;
    private long place;
    private long nextLeftOut;
    private @Nullable Message next;

    Remaining(MessageCursor all, Iterator<Long> leftOut) {
      this.all = all;
      this.leftOut = leftOut;
      advanceLeftOut();
      advance();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Message next() {
      Message message = next;
      if (message == null) {
        throw new NoSuchElementException();
      }
      advance();
      return message;
    }

    @Override
    public void close() {
      all.close();
    }

    private void advance() {
      next = null;
      while (next == null && all.hasNext()) {
        Message message = all.next();
        if (place++ == nextLeftOut) {
          advanceLeftOut();
        } else {
          next = message;
        }
      }
    }

    private void advanceLeftOut() {
      nextLeftOut = leftOut.hasNext() ? leftOut.next() : Long.MAX_VALUE;
    }
  }
}
