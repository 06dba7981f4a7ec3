package io.nova.workload.input;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One file, and the streams of lines in it. The stream of a source must be closed before that of
 * the next is opened.
 *
 * @param sources the streams in their order
 * @param leftOut the parts of the file that may hold lines but are not read, with the reason
 * @param opened what the sources share; it may be closed when no stream is open
 */
record LineFile(List<LineSource> sources, List<String> leftOut, Closeable opened) {
  /** Keeps copies. */
  LineFile {
    sources = List.copyOf(sources);
    leftOut = List.copyOf(leftOut);
  }

  /** A file that is one stream. */
  static LineFile of(LineSource source) {
    return new LineFile(List.of(source), List.of(), () -> {});
  }

  void close() throws IOException {
    opened.close();
  }
}
