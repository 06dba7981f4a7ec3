package io.nova.console.ask.cut;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.FileIO;

/**
 * The data files of tables as files that DuckDB can open. A file below one of the readable folders
 * is used where it lies. Any other file is copied into the cache's folder, by path and length.
 *
 * <p>Copies of files that a cut holds stay. The others are removed, the least recently held first,
 * when the cache is full. Thread-safe.
 */
public final class FileCache {
  private final Path folder;
  private final long maxBytes;
  private final List<Path> readable;
  private final Map<Key, Copy> copies = new LinkedHashMap<>();
  private long bytes;

  /**
   * A file of a table.
   *
   * @param location the location in the table's metadata
   */
  record Key(String location, long sizeBytes) {}

  private static final class Copy {
    private final Path path;
    private int holders;

    private Copy(Path path) {
      this.path = path;
    }
  }

  /** There is no room for a file. The message is for users. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1;

    FullException(String message) {
      super(message);
    }
  }

  /**
   * An empty cache. Copies of an earlier process are removed.
   *
   * @param maxBytes greatest size of all copies in bytes
   * @param readable absolute folders whose files are used where they lie
   * @throws IOException if the folder cannot be made or emptied
   */
  public FileCache(Path folder, long maxBytes, List<Path> readable) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.readable = List.copyOf(readable);
    Files.createDirectories(folder);
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
  }

  /** The path on a local disk; empty text if the location is elsewhere. */
  public static String localPath(String location) {
    if (location.startsWith("/")) {
      return location;
    }
    if (!location.startsWith("file:")) {
      return "";
    }
    String path = URI.create(location.replace(" ", "%20")).getPath();
    return path == null ? "" : path;
  }

  private boolean isReadable(String local) {
    Path path = Path.of(local).normalize();
    return readable.stream().anyMatch(path::startsWith);
  }

  /**
   * Holds files until {@link #release}. Blocks while files are copied.
   *
   * @param io reads the files that are copied
   * @return the path of each file
   * @throws IOException if a file cannot be copied; nothing is held then
   */
  synchronized Map<Key, Path> hold(FileIO io, List<Key> files) throws IOException {
    Map<Key, Path> held = new HashMap<>();
    try {
      for (Key file : files) {
        held.put(file, hold(io, file));
      }
    } catch (IOException | RuntimeException e) {
      release(List.copyOf(held.keySet()));
      throw e;
    }
    return held;
  }

  private Path hold(FileIO io, Key file) throws IOException {
    String local = localPath(file.location());
    if (!local.isEmpty() && isReadable(local)) {
      return Path.of(local);
    }
    Copy copy = copies.remove(file);
    if (copy == null) {
      makeRoom(file);
      copy = new Copy(copied(io, file));
      bytes += file.sizeBytes();
    }
    copies.put(file, copy);
    copy.holders++;
    return copy.path;
  }

  private void makeRoom(Key file) throws IOException {
    Iterator<Map.Entry<Key, Copy>> oldest = copies.entrySet().iterator();
    while (bytes + file.sizeBytes() > maxBytes && oldest.hasNext()) {
      Map.Entry<Key, Copy> entry = oldest.next();
      if (entry.getValue().holders == 0) {
        Files.deleteIfExists(entry.getValue().path);
        bytes -= entry.getKey().sizeBytes();
        oldest.remove();
      }
    }
    if (bytes + file.sizeBytes() > maxBytes) {
      throw new FullException(
          "The cache of remote files has %d bytes in use and a limit of %d bytes, so %s with %d bytes has no room. Nothing is read. Give nova console a larger --cache."
              .formatted(bytes, maxBytes, file.location(), file.sizeBytes()));
    }
  }

  private Path copied(FileIO io, Key file) throws IOException {
    Path target =
        folder.resolve("%s-%d.parquet".formatted(hash(file.location()), file.sizeBytes()));
    Path unfinished = folder.resolve(target.getFileName() + ".new");
    try (InputStream in = io.newInputFile(file.location(), file.sizeBytes()).newStream()) {
      long copied = Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
      if (copied != file.sizeBytes()) {
        throw new IOException(
            "File %s: found %d bytes, the table says %d. It is not read."
                .formatted(file.location(), copied, file.sizeBytes()));
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    return target;
  }

  private static String hash(String location) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(location.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Releases files that were held once. */
  synchronized void release(List<Key> files) {
    for (Key file : files) {
      Copy copy = copies.get(file);
      if (copy != null) {
        copy.holders--;
      }
    }
  }

  /** The size of all copies in bytes. */
  synchronized long bytes() {
    return bytes;
  }
}
