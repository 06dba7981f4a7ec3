package io.nova.workload.input;

import java.util.OptionalLong;

/**
 * The messages of a source up to a size; longer ones are left out, as a broker does.
 *
 * @param all the source
 * @param maxBytes the length of the longest value that is kept
 */
public record MessagesUpTo(Messages all, int maxBytes) implements Messages {
  @Override
  public String name() {
    return all.name();
  }

  /** An upper bound: messages that are too long are counted as well. */
  @Override
  public OptionalLong count() {
    return all.count();
  }

  @Override
  public MessageCursor open() {
    return DerivedMessages.passing(all.open(), message -> message.sizeBytes() <= maxBytes);
  }
}
