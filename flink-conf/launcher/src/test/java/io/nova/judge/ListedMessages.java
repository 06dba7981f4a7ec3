package io.nova.judge;

import io.nova.input.Message;
import io.nova.input.MessageCursor;
import io.nova.input.Messages;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** Messages from a list. */
record ListedMessages(List<Message> all) implements Messages {
  @Override
  public String name() {
    return "a list";
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(all.size());
  }

  @Override
  public MessageCursor open() {
    Iterator<Message> each = all.iterator();
    return new MessageCursor() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public Message next() {
        return each.next();
      }

      @Override
      public void close() {}
    };
  }
}
