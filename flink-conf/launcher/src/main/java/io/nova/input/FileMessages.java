package io.nova.input;

import java.util.List;
import java.util.OptionalLong;

/** The lines of files as messages: JSON lines, gzip, Amplitude's zip, or standard input. */
public final class FileMessages implements Messages {
  /** The name that stands for standard input. */
  public static final String STANDARD_INPUT = "-";

  private final List<String> files;

  public FileMessages(List<String> files) {
    this.files = List.copyOf(files);
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
    throw new UnsupportedOperationException(name());
  }
}
