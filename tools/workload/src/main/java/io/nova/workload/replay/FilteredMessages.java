package io.nova.workload.replay;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Some records of a topic as messages. For one thread. */
final class FilteredMessages implements MessageCursor {
  private final RecordCursor records;
  private final Function<ConsumerRecord<byte[], byte[]>, Optional<Message>> filter;
  private @Nullable Message next;

  /** Takes the cursor over. The filter is asked once for each record, in their order. */
  FilteredMessages(
      RecordCursor records, Function<ConsumerRecord<byte[], byte[]>, Optional<Message>> filter) {
    this.records = records;
    this.filter = filter;
    advance();
  }

  private void advance() {
    next = null;
    while (next == null && records.hasNext()) {
      next = filter.apply(records.next()).orElse(null);
    }
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
    records.close();
  }
}
