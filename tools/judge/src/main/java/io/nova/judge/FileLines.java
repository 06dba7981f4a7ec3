package io.nova.judge;

import io.nova.judge.record.Digest;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The lines of files as a number and a sum of digests, whatever their order. Two readings of the
 * same files must be equal. {@link #apart} shares no code with the sender: it reads a zip from its
 * first entry to its last, without its directory. So it finds files that the sender reads twice, or
 * never. For one thread.
 *
 * @param count the number of lines
 * @param sum the sum of their digests
 */
public record FileLines(long count, long sum) {
  private static final byte[] FIRST_ENTRY = {'P', 'K', 3, 4};
  private static final Pattern NAMES = Pattern.compile("(?is).*\\.(json|jsonl|ndjson)(\\.gz)?");
  private static final Pattern OF_MAC_OS =
      Pattern.compile("(?s)__MACOSX/.*|(.*[/\\\\])?(\\._[^/\\\\]*|\\.DS_Store)");

  /**
   * The lines as the sender reads them.
   *
   * @throws UncheckedIOException when they cannot be read
   */
  public static FileLines sent(Messages messages) {
    Sum sum = new Sum();
    try (MessageCursor cursor = messages.open()) {
      cursor.forEachRemaining(
          message -> sum.add(message.value() == null ? new byte[0] : message.value()));
    }
    return sum.lines();
  }

  /**
   * The lines as this class reads them.
   *
   * @throws UncheckedIOException when it cannot read a file; the message names the file
   */
  public static FileLines apart(List<String> files) {
    long count = 0;
    long sum = 0;
    for (String file : files) {
      try {
        FileLines lines = linesOf(file);
        count += lines.count;
        sum += lines.sum;
      } catch (IOException | RuntimeException e) {
        IOException cause = e instanceof IOException io ? io : new IOException(e);
        throw new UncheckedIOException("%s: %s".formatted(file, e), cause);
      }
    }
    return new FileLines(count, sum);
  }

  private static FileLines linesOf(String file) throws IOException {
    Sum sum = new Sum();
    try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
      if (file.toLowerCase(Locale.ROOT).endsWith(".zip") || starts(in, 'P', 'K')) {
        return entriesOf(file, in);
      }
      addLines(in, sum);
    }
    return sum.lines();
  }

  private static FileLines entriesOf(String file, InputStream in) throws IOException {
    Sum sum = new Sum();
    skipToFirstEntry(in);
    try {
      addEntries(new ZipInputStream(in, StandardCharsets.ISO_8859_1), sum);
    } catch (ZipException sizesFollow) {
      return byDirectory(file);
    }
    return sum.lines();
  }

  /** The JDK cannot read some archives from front to back: those with sizes after the content. */
  private static FileLines byDirectory(String file) throws IOException {
    Sum sum = new Sum();
    try (ZipFile zip = new ZipFile(file, StandardCharsets.ISO_8859_1)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (hasLines(entry)) {
          try (InputStream in = zip.getInputStream(entry)) {
            addLines(new BufferedInputStream(in), sum);
          }
        }
      }
    }
    return sum.lines();
  }

  private static boolean hasLines(ZipEntry entry) {
    return NAMES.matcher(entry.getName()).matches()
        && !OF_MAC_OS.matcher(entry.getName()).matches();
  }

  /** An archive that unpacks itself begins with a program. */
  private static void skipToFirstEntry(InputStream in) throws IOException {
    in.mark(4);
    byte[] next = in.readNBytes(4);
    while (!Arrays.equals(next, FIRST_ENTRY)) {
      if (next.length < 4) {
        throw new IOException("no entry");
      }
      in.reset();
      in.skipNBytes(1);
      in.mark(4);
      next = in.readNBytes(4);
    }
    in.reset();
  }

  private static void addEntries(ZipInputStream zip, Sum sum) throws IOException {
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (hasLines(entry)) {
        addLines(new BufferedInputStream(zip), sum);
      }
    }
  }

  private static void addLines(InputStream in, Sum sum) throws IOException {
    InputStream lines =
        starts(in, 0x1f, 0x8b)
            ? new BufferedInputStream(new GZIPInputStream(new Unpausing(in)))
            : in;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = lines.read(); next >= 0; next = lines.read()) {
      if (next == '\n') {
        sum.add(withoutReturn(line.toByteArray()));
        line.reset();
      } else {
        line.write(next);
      }
    }
    if (line.size() > 0) {
      sum.add(line.toByteArray());
    }
  }

  private static byte[] withoutReturn(byte[] line) {
    boolean returns = line.length > 0 && line[line.length - 1] == '\r';
    return returns ? Arrays.copyOf(line, line.length - 1) : line;
  }

  private static boolean starts(InputStream in, int first, int second) throws IOException {
    in.mark(2);
    boolean found = in.read() == first && in.read() == second;
    in.reset();
    return found;
  }

  /** A stream that never says that it has no more bytes: the JDK's gzip reader would end there. */
  private static final class Unpausing extends FilterInputStream {
    Unpausing(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }

  private static final class Sum {
    private long count;
    private long sum;

    void add(byte[] line) {
      Digest.Words words = Digest.of(line);
      count++;
      sum += words.high() * 31 + words.low();
    }

    FileLines lines() {
      return new FileLines(count, sum);
    }
  }
}
