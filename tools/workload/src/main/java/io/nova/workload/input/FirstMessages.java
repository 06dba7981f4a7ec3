package io.nova.workload.input;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The first messages of a source.
 *
 * @param all the source
 * @param most how many at most
 */
public record FirstMessages(Messages all, long most) implements Messages {
  @Override
  public String name() {
    return all.name();
  }

  @Override
  public OptionalLong count() {
    OptionalLong count = all.count();
    return count.isPresent() ? OptionalLong.of(Math.min(most, count.getAsLong())) : count;
  }

  @Override
  public MessageCursor open() {
    return new Beginning(all.open(), most);
  }

  private static final class Beginning extends LookAhead<Message> implements MessageCursor {
    private final MessageCursor all;
    private long left;

    Beginning(MessageCursor all, long most) {
      this.all = all;
      this.left = most;
    }

    @Override
    protected @Nullable Message read() {
      return left-- > 0 && all.hasNext() ? all.next() : null;
    }

    @Override
    public void close() {
      super.close();
      all.close();
    }
  }
}
