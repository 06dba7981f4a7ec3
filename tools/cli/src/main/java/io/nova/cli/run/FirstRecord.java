package io.nova.cli.run;

import io.nova.cli.process.CommandException;
import io.nova.judge.record.MappingFit;
import io.nova.judge.record.RecordMapping;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** Looks at the first record before anything is sent: does the mapping fit it? */
public final class FirstRecord {
  private static final int LOOKED_AT = 100;

  private FirstRecord() {}

  /**
   * The same messages, if the mapping of the job fits the first of them that is a JSON object.
   *
   * @throws CommandException which says by field what was found and what was expected
   */
  public static Messages checked(Messages messages, JobOptions job) {
    RecordMapping mapping = job.mapping();
    MappingFit fit = new MappingFit(mapping);
    ArrayList<Message> looked = new ArrayList<>();
    MessageCursor cursor = messages.open();
    while (looked.size() < LOOKED_AT && cursor.hasNext()) {
      Message message = cursor.next();
      looked.add(message);
      if (message.value() != null && fit.isRecord(message.value())) {
        fit.misfit(message.value())
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

  /** Messages whose beginning was read from a source that can be opened once. */
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
      Iterator<Message> again = first.iterator();
      return new MessageCursor() {
        @Override
        public boolean hasNext() {
          return again.hasNext() || rest.hasNext();
        }

        @Override
        public Message next() {
          return again.hasNext() ? again.next() : rest.next();
        }

        @Override
        public void close() {
          rest.close();
        }
      };
    }
  }
}
