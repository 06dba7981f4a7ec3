package io.nova.workload.input;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a function makes of the elements of a cursor. Elements without a message are
 * left out. For one thread.
 *
 * @param <T> what the messages are made of
 */
public final class DerivedMessages<T> extends LookAhead<Message> implements MessageCursor {
  private final Cursor<T> source;
  private final Function<T, Optional<Message>> message;

  /**
   * Closes {@code source} when it is closed.
   *
   * @param message called once for each element, in their order
   */
  public DerivedMessages(Cursor<T> source, Function<T, Optional<Message>> message) {
    this.source = source;
    this.message = message;
  }

  /** The messages of a cursor that pass a test, which is called once for each, in their order. */
  static MessageCursor passing(MessageCursor source, Predicate<Message> test) {
    return new DerivedMessages<>(source, each -> Optional.of(each).filter(test));
  }

  @Override
  protected @Nullable Message read() {
    while (source.hasNext()) {
      Optional<Message> made = message.apply(source.next());
      if (made.isPresent()) {
        return made.get();
      }
    }
    return null;
  }

  @Override
  public void close() {
    super.close();
    source.close();
  }
}
