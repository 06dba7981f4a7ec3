package io.nova.workload.input;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * One stream of lines: a file, an entry of a zip file, or standard input. The first bytes decide
 * whether it is gzip or zip. A name that ends in .gz or .zip must have that content.
 *
 * @param name what error messages call it
 * @param opening opens the stream
 */
record LineSource(String name, Opening opening) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Opens the stream; called once. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  /** The streams of a file: one, or those of a zip file's entries, in the order of their hours. */
  static List<LineSource> of(String file) throws IOException {
    if (file.equals(FileMessages.STANDARD_INPUT)) {
      return List.of(new LineSource("standard input", () -> unpacked("standard input", System.in)));
    }
    return isZip(file)
        ? entriesOf(file)
        : List.of(new LineSource(file, () -> unpacked(file, new FileInputStream(file))));
  }

  /** A pipe is not opened for this: bytes that are read from it cannot be read again. */
  private static boolean isZip(String file) throws IOException {
    Path path = Path.of(file);
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      return false;
    }
    try (FileInputStream in = new FileInputStream(file)) {
      boolean zip = startsWith(in.readNBytes(4), 'P', 'K', 3, 4);
      if (!zip && file.endsWith(".zip")) {
        throw new ZipException("not a zip file");
      }
      return zip;
    }
  }

  private static List<LineSource> entriesOf(String file) throws IOException {
    try (ZipFile zip = new ZipFile(file)) {
      ArrayList<LineSource> sources = new ArrayList<>();
      zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(entry -> ExportEntry.of(entry.getName()))
          .filter(Objects::nonNull)
          .sorted()
          .forEach(entry -> sources.add(entrySource(file, entry.name())));
      if (sources.isEmpty()) {
        throw new ZipException("found no file that ends in .json, .jsonl, .json.gz or .jsonl.gz");
      }
      return sources;
    }
  }

  private static LineSource entrySource(String file, String entry) {
    String name = file + "!" + entry;
    return new LineSource(name, () -> unpacked(entry, new EntryStream(file, entry)));
  }

  private static InputStream unpacked(String name, InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    try {
      in.mark(4);
      byte[] first = in.readNBytes(4);
      in.reset();
      if (startsWith(first, 'P', 'K', 3, 4)) {
        throw new ZipException(
            "a zip can be read from a file only, not from standard input or another zip");
      }
      boolean gzip = startsWith(first, 0x1f, 0x8b);
      if (!gzip && name.endsWith(".gz")) {
        throw new ZipException(first.length == 0 ? "empty, not gzip" : "not gzip");
      }
      return gzip ? new GzipStream(in) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static boolean startsWith(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
