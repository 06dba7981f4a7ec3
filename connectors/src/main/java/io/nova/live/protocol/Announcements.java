package io.nova.live.protocol;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The announcements of live servers below a table's location, in files {@code
 * live/GENERATION/SUBTASK.json}. Files are written and replaced atomically.
 *
 * <p>Any thread of any process may read and write; each subtask has one writer.
 */
public final class Announcements {
  private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
  private static final String SUFFIX = ".json";

  private static final String LIVE = "live";

  /** A sibling of the generations, which no generation may be called. */
  private static final String SERVED = "served";

  private final Path folder;
  private final Configuration hadoop;

  /** The announcements of the table at a location. */
  public Announcements(String tableLocation, Configuration hadoop) {
    this.folder = new Path(tableLocation, LIVE);
    this.hadoop = hadoop;
  }

  /** The folder with the records of the positions that servers have shown. */
  public static Path servedFolder(String tableLocation) {
    return new Path(new Path(tableLocation, LIVE), SERVED);
  }

  /** Writes an announcement. It replaces an earlier one of the subtask in its generation. */
  public void write(Announcement announcement) throws IOException {
    Path target = new Path(folder(announcement.generation()), announcement.subtask() + SUFFIX);
    Path unfinished = new Path(target.getParent(), "." + UUID.randomUUID());
    FileSystem files = files();
    try {
      try (OutputStream out = files.create(unfinished, false)) {
        out.write(LiveJson.write(announcement));
      }
      rename(files, unfinished, target);
    } catch (IOException e) {
      remove(files, unfinished);
      throw e;
    }
  }

  /** Removes a file or folder that nobody needs. A failure costs only its place. */
  private static void remove(FileSystem files, Path unused) {
    try {
      files.delete(unused, true);
    } catch (IOException e) {
      LOG.warn("{} is not needed any more, but cannot be deleted: {}", unused, e.toString());
    }
  }

  private void rename(FileSystem files, Path from, Path to) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      Files.move(
          local.pathToFile(from).toPath(),
          local.pathToFile(to).toPath(),
          StandardCopyOption.ATOMIC_MOVE);
    } else {
      FileContext.getFileContext(to.toUri(), hadoop).rename(from, to, Options.Rename.OVERWRITE);
    }
  }

  /** All announcements of a generation in the order of subtasks; empty if there are none. */
  public List<Announcement> read(String generation) throws IOException {
    FileSystem files = files();
    List<Announcement> found = new ArrayList<>();
    for (FileStatus file : list(files, folder(generation))) {
      if (file.getPath().getName().endsWith(SUFFIX)) {
        found.add(read(files, file.getPath()));
      }
    }
    found.sort(Comparator.comparingInt(Announcement::subtask));
    return found;
  }

  private static Announcement read(FileSystem files, Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return LiveJson.read(in.readAllBytes(), Announcement.class);
    } catch (IOException e) {
      throw new IOException(
          "Announcement of live views %s cannot be read: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Removes the announcements of other generations that are older than {@code age}. One that cannot
   * be deleted stays.
   */
  public void removeOthers(String generation, Duration age) throws IOException {
    FileSystem files = files();
    long beforeMillis = System.currentTimeMillis() - age.toMillis();
    for (FileStatus other : list(files, folder)) {
      String name = other.getPath().getName();
      if (!name.equals(generation)
          && !name.equals(SERVED)
          && other.getModificationTime() < beforeMillis) {
        remove(files, other.getPath());
      }
    }
  }

  private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
    try {
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Without checksum files: a rename would not move them along with the file. */
  private FileSystem files() throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
  }

  private Path folder(String generation) {
    if (generation.isEmpty()
        || generation.equals(SERVED)
        || generation.startsWith(".")
        || generation.contains("/")) {
      throw new IllegalArgumentException(
          "Generation " + generation + " cannot be the name of a folder");
    }
    return new Path(folder, generation);
  }
}
