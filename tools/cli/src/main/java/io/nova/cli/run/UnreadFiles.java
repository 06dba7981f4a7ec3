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
   * The difference between the sender's reading and another one, a sentence; empty when there is
   * none. A file that only the sender can read counts as a difference.
   */
  public static List<String> differences(Messages messages) {
    if (!(messages instanceof FileMessages files)) {
      return List.of();
    }
    FileLines sent = FileLines.sent(messages);
    return FileLines.apart(files.files())
        .map(apart -> difference(sent, apart))
        .orElse(List.of("a second reading of the files failed. Unpack archives, and repeat"));
  }

  private static List<String> difference(FileLines sent, FileLines apart) {
    return apart.equals(sent)
        ? List.of()
        : List.of(
            "the sender read %,d lines, a second reading of the files found %,d%s"
                .formatted(
                    sent.count(), apart.count(), sent.count() == apart.count() ? " others" : ""));
  }
}
