package io.nova.workload.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip file that hold lines. Entries are found by their place in the central
 * directory, because several may have one name. The content of an entry is compared with its
 * checksum before the first of its lines is read. The file stays open from the first entry to
 * {@link #close}. For one thread.
 */
final class ZipArchive implements Closeable {
  private static final String WHAT_TO_DO = "Unpack the archive, and name its files instead.";
  private static final int BUFFER_BYTES = 1 << 16;

  private final String file;
  private @Nullable ZipFile zip;
  private List<ZipArchiveEntry> entries = List.of();

  ZipArchive(String file) {
    this.file = file;
  }

  /**
   * Lists the archive. The files that macOS adds are neither read nor named.
   *
   * @throws ZipException when it is no zip, when an entry to read is encrypted or packed by an
   *     unknown method, or when no entry holds lines
   */
  LineFile content() throws IOException {
    ArrayList<ExportEntry> found = new ArrayList<>();
    ArrayList<String> leftOut = new ArrayList<>();
    try (ZipFile archive = openFile()) {
      List<ZipArchiveEntry> all = Collections.list(archive.getEntries());
      requireOwnContent(all);
      for (int place = 0; place < all.size(); place++) {
        ZipArchiveEntry entry = all.get(place);
        if (entry.isDirectory() || isOfMacOs(entry.getName())) {
          continue;
        }
        ExportEntry lines = ExportEntry.of(entry.getName(), place);
        if (lines != null) {
          requireReadable(archive, entry);
          found.add(lines);
        } else if (entry.getSize() > 0) {
          leftOut.add(
              "%s!%s: its name has no ending of JSON lines".formatted(file, entry.getName()));
        }
      }
      if (found.isEmpty()) {
        throw new ZipException(
            "found no file that ends in .json, .jsonl or .ndjson, perhaps with .gz");
      }
    }
    Collections.sort(found);
    return new LineFile(sources(found), leftOut, this);
  }

  private ZipFile openFile() throws IOException {
    return ZipFile.builder().setPath(Path.of(file)).get();
  }

  private List<LineSource> sources(List<ExportEntry> entries) {
    HashMap<String, Integer> names = new HashMap<>();
    entries.forEach(entry -> names.merge(entry.name(), 1, Integer::sum));
    return entries.stream().map(entry -> source(entry, names)).toList();
  }

  private LineSource source(ExportEntry entry, Map<String, Integer> names) {
    String name = "%s!%s".formatted(file, entry.name());
    return new LineSource(
        names.getOrDefault(entry.name(), 1) == 1
            ? name
            : "%s (entry %d of the archive)".formatted(name, entry.place() + 1),
        () -> lines(entry));
  }

  /** An empty entry is no error, also where its name ends in .gz. */
  private InputStream lines(ExportEntry wanted) throws IOException {
    ZipArchiveEntry entry = found(wanted);
    ZipFile archive = opened();
    requireChecksum(archive, entry);
    return entry.getSize() == 0
        ? InputStream.nullInputStream()
        : LineSource.unpacked(wanted.name(), archive.getInputStream(entry));
  }

  private ZipArchiveEntry found(ExportEntry wanted) throws IOException {
    opened();
    ZipArchiveEntry entry = wanted.place() < entries.size() ? entries.get(wanted.place()) : null;
    if (entry == null || !entry.getName().equals(wanted.name())) {
      throw new ZipException("the entry is missing: the zip file was changed during the reading");
    }
    return entry;
  }

  private ZipFile opened() throws IOException {
    ZipFile open = zip;
    if (open == null) {
      open = openFile();
      zip = open;
      entries = Collections.list(open.getEntries());
    }
    return open;
  }

  private static void requireChecksum(ZipFile archive, ZipArchiveEntry entry) throws IOException {
    CRC32 checksum = new CRC32();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = archive.getInputStream(entry)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        checksum.update(buffer, 0, count);
        size += count;
      }
    }
    if (size != entry.getSize() || checksum.getValue() != entry.getCrc()) {
      throw new ZipException(
          "damaged: found %,d bytes with the checksum %08x, expected %,d bytes with %08x"
              .formatted(size, checksum.getValue(), entry.getSize(), entry.getCrc()));
    }
  }

  private static void requireReadable(ZipFile archive, ZipArchiveEntry entry) throws ZipException {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new ZipException("%s is encrypted. %s".formatted(entry.getName(), WHAT_TO_DO));
    }
    boolean known =
        entry.getMethod() == ZipArchiveEntry.STORED
            || entry.getMethod() == ZipArchiveEntry.DEFLATED;
    if (!known || !archive.canReadEntryData(entry)) {
      throw new ZipException(
          "%s is packed by method %d, which Nova does not read. %s"
              .formatted(entry.getName(), entry.getMethod(), WHAT_TO_DO));
    }
  }

  /** Two entries that share their bytes would be one file that is sent twice. */
  private static void requireOwnContent(List<ZipArchiveEntry> entries) throws ZipException {
    HashSet<Long> places = new HashSet<>();
    for (ZipArchiveEntry entry : entries) {
      if (entry.getSize() > 0 && !places.add(entry.getDataOffset())) {
        throw new ZipException(
            "damaged: %s has the bytes of another entry. %s"
                .formatted(entry.getName(), WHAT_TO_DO));
      }
    }
  }

  /** Whether macOS added the file: an attribute file, or a folder's view. */
  private static boolean isOfMacOs(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return name.startsWith("__MACOSX/") || last.startsWith("._") || last.equals(".DS_Store");
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
      zip = null;
      entries = List.of();
    }
  }
}
