package io.nova.workload.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of several sources as messages; one stream is open at a time. For one thread. */
final class FileCursor extends LookAhead<Message> implements MessageCursor {
  private final Iterator<LineFile> files;
  private Iterator<LineSource> sources = Collections.emptyIterator();
  private @Nullable LineFile file;
  private String place = "";
  private long line;
  private @Nullable InputStream stream;
  private @Nullable LineReader reader;

  /** Opens every file once, so that a wrong name is reported before anything is sent. */
  FileCursor(List<String> files) {
    this.files = contentsOf(files).iterator();
  }

  /**
   * Opens every file once, and lists it.
   *
   * @throws UncheckedIOException when one cannot be read; the message names it
   */
  static List<LineFile> contentsOf(List<String> files) {
    ArrayList<LineFile> found = new ArrayList<>();
    for (String file : files) {
      try {
        found.add(LineSource.of(file));
      } catch (IOException e) {
        throw new UncheckedIOException("%s: cannot be read: %s".formatted(file, reasonOf(e)), e);
      }
    }
    return found;
  }

  @Override
  public void close() {
    super.close();
    try {
      closeStream();
      closeFile();
    } catch (IOException e) {
      throw new UncheckedIOException("%s: cannot be closed: %s".formatted(place, reasonOf(e)), e);
    }
  }

  @Override
  protected @Nullable Message read() {
    try {
      byte[] value = readLine();
      return value == null
          ? null
          : new Message(value, Message.ANY_PARTITION, UploadTimes.micros(value));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s, after line %,d: cannot be read further: %s. The rest was not read."
              .formatted(place, line, reasonOf(e)),
          e);
    }
  }

  private byte @Nullable [] readLine() throws IOException {
    while (true) {
      byte[] value = reader == null ? null : reader.next();
      if (value != null) {
        line++;
        return value;
      }
      if (!openNext()) {
        return null;
      }
    }
  }

  private boolean openNext() throws IOException {
    closeStream();
    while (!sources.hasNext()) {
      closeFile();
      if (!files.hasNext()) {
        return false;
      }
      file = files.next();
      sources = file.sources().iterator();
    }
    LineSource source = sources.next();
    place = source.name();
    line = 0;
    stream = source.opening().open();
    reader = new LineReader(stream);
    return true;
  }

  private void closeStream() throws IOException {
    reader = null;
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  private void closeFile() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private static String reasonOf(IOException e) {
    if (e instanceof FileNotFoundException) {
      return "no such file, or it is not readable";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
