package io.nova.iceberg;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unfinished files that nobody will finish: those of failed writes, and those of killed processes.
 *
 * <p>No error ends the caller. Such a file costs space and nothing else, so it may stay.
 */
public final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /** Versions and version hints of the table before they get their names. */
  private static final Pattern UNPUBLISHED =
      Pattern.compile(
          "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
              + "((\\.gz)?\\.metadata\\.json|-version-hint\\.temp)");

  private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.tmp");

  private Leftovers() {}

  /** Deletes a file whose writing has failed. Another failure is added to the first one. */
  static void delete(Configuration hadoop, Path path, Throwable failure) {
    try {
      path.getFileSystem(hadoop).delete(path, false);
    } catch (IOException | RuntimeException undeletable) {
      failure.addSuppressed(undeletable);
    }
  }

  /**
   * Deletes the unfinished metadata and live records of a table that killed processes left. Only
   * the Hadoop catalog has unfinished metadata: a server may give finished files such names.
   *
   * @param age younger files stay, since their process may be alive
   */
  public static void remove(Configuration hadoop, EventTable events, Duration age) {
    Path table = new Path(events.location());
    if (events.catalog().isHadoop()) {
      remove(hadoop, new Path(table, "metadata"), UNPUBLISHED, age);
    }
    remove(hadoop, new Path(table, "live/served"), UNFINISHED, age);
  }

  private static void remove(Configuration hadoop, Path folder, Pattern names, Duration age) {
    long longAgo = System.currentTimeMillis() - age.toMillis();
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      for (FileStatus file : files.listStatus(folder)) {
        if (names.matcher(file.getPath().getName()).matches()
            && file.getModificationTime() < longAgo) {
          files.delete(file.getPath(), false);
        }
      }
    } catch (FileNotFoundException none) {
      LOG.debug("There is no folder {}", folder);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Unfinished files in {} stay: {}", folder, e.toString());
    }
  }
}
