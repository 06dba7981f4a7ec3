package io.nova.workload.input;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The lines of files as messages, byte for byte: JSON lines, gzip, Amplitude's zip (its files in
 * the order of their hours), or standard input. The format follows from the content, not from the
 * name.
 *
 * <p>A line ends at {@code \n}; one {@code \r} before it belongs to the line end. An empty line is
 * a message of no bytes. An empty rest after the last line end is not a message. A line is in
 * memory while it is read, and has at most 256 MiB.
 */
public final class FileMessages implements Messages {
  /** The file name for standard input. */
  public static final String STANDARD_INPUT = "-";

  private final List<String> files;

  /** The lines of these files, one file after the other. */
  public FileMessages(List<String> files) {
    this.files = List.copyOf(files);
  }

  /** Whether {@link #open} can be called more than once: a pipe can be read only once. */
  public boolean reopenable() {
    return files.stream().allMatch(FileMessages::reopenable);
  }

  /** A missing file is one that can be named. */
  private static boolean reopenable(String file) {
    Path path = Path.of(file);
    return !file.equals(STANDARD_INPUT) && (Files.isRegularFile(path) || Files.notExists(path));
  }

  /** The names of the files. */
  public List<String> files() {
    return files;
  }

  @Override
  public String name() {
    return String.join(", ", files);
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.empty();
  }

  /** The files of zip archives that are not read: their names are not those of JSON lines. */
  @Override
  public List<String> leftOut() {
    return FileCursor.contentsOf(files).stream().flatMap(file -> file.leftOut().stream()).toList();
  }

  @Override
  public MessageCursor open() {
    return new FileCursor(files);
  }
}
