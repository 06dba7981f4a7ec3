package io.nova.local;

import io.nova.input.Message;
import io.nova.input.MessageCursor;
import io.nova.input.Messages;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** Messages that are at hand. */
record ListOfMessages(List<Message> all) implements Messages {
  @Override
  public String name() {
    return all.size() + " messages";
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(all.size());
  }

  @Override
  public MessageCursor open() {
    Iterator<Message> iterator = all.iterator();
    return new MessageCursor() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public Message next() {
        return iterator.next();
      }

      @Override
      public void close() {}
    };
  }
}
