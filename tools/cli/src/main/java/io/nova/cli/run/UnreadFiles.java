package io.nova.cli.run;

import io.nova.cli.process.CommandException;
import io.nova.judge.FileLines;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Messages;
import java.io.UncheckedIOException;
import java.util.List;

/** Checks whether files are read whole: each of their lines once. */
public final class UnreadFiles {
  private UnreadFiles() {}

  /**
   * The files of archives that are not read, one sentence each. The display shows them.
   *
   * @throws CommandException if a file cannot be read; the message names it
   */
  public static List<String> leftOut(Messages messages, ProgressDisplay display) {
    try {
      List<String> leftOut = messages.leftOut();
      leftOut.forEach(each -> display.say("Left out: " + each));
      return leftOut;
    } catch (UncheckedIOException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The difference between the sender's reading and another one; empty when there is none. A file
   * that cannot be read again is a difference. Standard input is not read again.
   */
  public static List<String> differences(Messages messages) {
    if (!(messages instanceof FileMessages files) || !files.reopenable()) {
      return List.of();
    }
    try {
      return differences(FileLines.sent(messages), FileLines.apart(files.files()));
    } catch (UncheckedIOException e) {
      return List.of(
          "the lines are not compared, because a second reading failed: %s. Unpack archives, and repeat"
              .formatted(e.getMessage()));
    }
  }

  private static List<String> differences(FileLines sent, FileLines apart) {
    return apart.equals(sent)
        ? List.of()
        : List.of(
            "the sender read %,d lines, a second reading of the files found %,d%s"
                .formatted(
                    sent.count(), apart.count(), sent.count() == apart.count() ? " others" : ""));
  }
}
