package io.nova.workload.input;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** The messages of a source without some of them, such as those that failed at the broker. */
public final class MessagesWithout implements Messages {
  private final Messages all;
  private final long[] leftOut;

  /**
   * All messages but those at some places.
   *
   * @param leftOut places among the messages, from 0, each once, in any order
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
    AtomicLong place = new AtomicLong();
    return DerivedMessages.passing(
        all.open(), message -> Arrays.binarySearch(leftOut, place.getAndIncrement()) < 0);
  }
}
