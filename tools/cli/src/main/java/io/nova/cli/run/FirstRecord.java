package io.nova.cli.run;

import io.nova.cli.process.CommandException;
import io.nova.judge.record.MappingFit;
import io.nova.judge.record.RecordMapping;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.LookAhead;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A check before anything is sent: does the mapping fit the first record? */
public final class FirstRecord {
  private static final int LOOKED_AT = 100;

  private FirstRecord() {}

  /**
   * The same messages, if the job's mapping fits the first of them that is a JSON object. Only the
   * first 100 messages are looked at.
   *
   * @throws CommandException if it does not fit; the message names what was found and expected, by
   *     field
   */
  public static Messages checked(Messages messages, JobOptions job) {
    RecordMapping mapping = job.mapping();
    MappingFit fit = new MappingFit(mapping);
    ArrayList<Message> looked = new ArrayList<>();
    MessageCursor cursor = messages.open();
    while (looked.size() < LOOKED_AT && cursor.hasNext()) {
      Message message = cursor.next();
      looked.add(message);
      if (message.value() != null && fit.isRecord(message)) {
        fit.misfit(message)
            .ifPresent(
                lines -> {
                  throw misfit(mapping.name(), looked.size(), messages.name(), lines);
                });
        break;
      }
    }
    if (messages instanceof FileMessages files && !files.reopenable()) {
      return new Begun(messages, looked, cursor);
    }
    cursor.close();
    return messages;
  }

  private static CommandException misfit(String mapping, int number, String source, String lines) {
    return new CommandException(
        "The mapping %s does not fit message %d of %s; nothing was sent.%n  %s"
            .formatted(mapping, number, source, lines));
  }

  /** Messages of a source that can be opened once, of which the first are already read. */
  private record Begun(Messages source, List<Message> first, MessageCursor rest)
      implements Messages {
    @Override
    public String name() {
      return source.name();
    }

    @Override
    public OptionalLong count() {
      return source.count();
    }

    @Override
    public MessageCursor open() {
      return new Continued(first.iterator(), rest);
    }
  }

  private static final class Continued extends LookAhead<Message> implements MessageCursor {
    private final Iterator<Message> first;
    private final MessageCursor rest;

    Continued(Iterator<Message> first, MessageCursor rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    protected @Nullable Message read() {
      if (first.hasNext()) {
        return first.next();
      }
      return rest.hasNext() ? rest.next() : null;
    }

    @Override
    public void close() {
      super.close();
      rest.close();
    }
  }
}
