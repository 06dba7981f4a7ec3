package io.nova.workload.input;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * One stream of lines: a file, an entry of a zip file, or standard input. The first bytes decide
 * whether it is gzip or zip. A name that ends in .gz or .zip must have that content. Other packed
 * content, and what is no UTF-8, is refused as a whole.
 *
 * @param name what error messages call it
 * @param opening opens the stream
 */
record LineSource(String name, Opening opening) {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int[] GZIP = {0x1f, 0x8b};
  private static final int[] ZIP = {'P', 'K', 3, 4};

  /** An archive without entries, and the first part of a divided one. */
  private static final int[] EMPTY_ZIP = {'P', 'K', 5, 6};

  private static final int[] DIVIDED_ZIP = {'P', 'K', 7, 8};

  /** The bytes that tell a tar from lines come too late in it: a slow pipe would wait for them. */
  private static final Pattern TAR = Pattern.compile("(?is).*\\.(tar|tar\\.gz|tgz)");

  /** First bytes of content that is not read, also within gzip. */
  private static final Map<String, int[]> NOT_READ =
      Map.ofEntries(
          Map.entry("gzip within gzip", GZIP),
          Map.entry("zstd", new int[] {0x28, 0xb5, 0x2f, 0xfd}),
          Map.entry("zstd of several frames", new int[] {0x50, 0x2a, 0x4d, 0x18}),
          Map.entry("xz", new int[] {0xfd, '7', 'z', 'X'}),
          Map.entry("lz4", new int[] {0x04, 0x22, 0x4d, 0x18}),
          Map.entry("bzip2", new int[] {'B', 'Z', 'h'}),
          Map.entry("7z", new int[] {'7', 'z', 0xbc, 0xaf}),
          Map.entry("Avro", new int[] {'O', 'b', 'j', 1}),
          Map.entry("Parquet", new int[] {'P', 'A', 'R', '1'}),
          Map.entry("UTF-16, low byte first", new int[] {0xff, 0xfe}),
          Map.entry("UTF-16, high byte first", new int[] {0xfe, 0xff}));

  /** Opens the stream; called once. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  /** The content of a file: one stream, or those of a zip's entries in the order of their hours. */
  static LineFile of(String file) throws IOException {
    if (file.equals(FileMessages.STANDARD_INPUT)) {
      return LineFile.of(
          new LineSource("standard input", () -> unpacked("standard input", System.in)));
    }
    return isZip(file)
        ? new ZipArchive(file).content()
        : LineFile.of(new LineSource(file, () -> unpacked(file, new FileInputStream(file))));
  }

  /** A pipe is not opened for this: bytes that are read from it cannot be read again. */
  private static boolean isZip(String file) throws IOException {
    Path path = Path.of(file);
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      return false;
    }
    try (FileInputStream in = new FileInputStream(file)) {
      return isZip(in.readNBytes(4)) || hasEnding(file, ".zip");
    }
  }

  private static boolean isZip(byte[] first) {
    return startsWith(first, ZIP) || startsWith(first, EMPTY_ZIP) || startsWith(first, DIVIDED_ZIP);
  }

  /** The lines of a stream that is perhaps gzip; {@code name} is the file's or the entry's. */
  static InputStream unpacked(String name, InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    try {
      if (TAR.matcher(name).matches()) {
        throw notRead("tar");
      }
      byte[] first = firstBytes(in);
      boolean gzip = startsWith(first, GZIP);
      if (!gzip && hasEnding(name, ".gz")) {
        throw new ZipException(first.length == 0 ? "empty, not gzip" : "not gzip");
      }
      return gzip ? lines(new BufferedInputStream(new GzipStream(in), BUFFER_BYTES)) : lines(in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The same stream, unless its first bytes say that it is packed. */
  private static InputStream lines(BufferedInputStream in) throws IOException {
    byte[] first = firstBytes(in);
    if (isZip(first)) {
      throw new ZipException(
          "a zip can be read from a file only, not from standard input or another archive");
    }
    for (Map.Entry<String, int[]> format : NOT_READ.entrySet()) {
      if (startsWith(first, format.getValue())) {
        throw notRead(format.getKey());
      }
    }
    return in;
  }

  private static ZipException notRead(String format) {
    return new ZipException(
        "found the format %s, expected lines in UTF-8, gzip or zip. Convert it first"
            .formatted(format));
  }

  private static byte[] firstBytes(BufferedInputStream in) throws IOException {
    in.mark(4);
    byte[] first = in.readNBytes(4);
    in.reset();
    return first;
  }

  private static boolean hasEnding(String name, String ending) {
    return name.toLowerCase(Locale.ROOT).endsWith(ending);
  }

  private static boolean startsWith(byte[] bytes, int[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
