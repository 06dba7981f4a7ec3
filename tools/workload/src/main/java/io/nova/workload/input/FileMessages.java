package io.nova.workload.input;

import java.util.List;
import java.util.OptionalLong;

/**
 * The lines of files as messages, byte for byte: JSON lines, gzip, Amplitude's zip (its files in
 * the order of their hours), or standard input. The contents decide, not the name.
 *
 * <p>A line ends at {@code \n}; one {@code \r} before it is dropped with it. An empty line is an
 * empty message; nothing after the last line end is no message. A line is held in memory while it
 * is read, up to 256 MiB.
 */
public final class FileMessages implements Messages {
  /** The name that stands for standard input, which can be read once. */
  public static final String STANDARD_INPUT = "-";

  private final List<String> files;

  /** The lines of these files, one file after the other. */
  public FileMessages(List<String> files) {
    this.files = List.copyOf(files);
  }

  /** Whether {@link #open} gives the same messages each time. */
  public boolean reopenable() {
    return !files.contains(STANDARD_INPUT);
  }

  @Override
  public String name() {
    return String.join(", ", files);
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.empty();
  }

  @Override
  public MessageCursor open() {
    return new FileCursor(files);
  }
}
