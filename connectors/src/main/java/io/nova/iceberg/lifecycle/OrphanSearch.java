package io.nova.iceberg.lifecycle;

import io.nova.iceberg.EventTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search for old files of a table that no retained snapshot names. It lists the folders once.
 * Then it reads the manifests of all snapshots, some at each step, and drops what they name.
 *
 * <p>Snapshots that are committed during the search name new files only, and files of the job's
 * state. The caller keeps the latter.
 */
final class OrphanSearch {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSearch.class);
  private static final int SNAPSHOTS_A_STEP = 50;

  /** The names of the table's own files. Others are nobody's to remove. */
  private static final Pattern FILES = Pattern.compile(".*\\.(avro|parquet)");

  /** The names of its versions. */
  private static final Pattern VERSIONS =
      Pattern.compile(".*\\.metadata\\.json|.*-version-hint\\.temp");

  private final Table table;
  private final boolean ownsVersions;
  private final Map<String, String> candidates = new HashMap<>();
  private final ArrayDeque<Snapshot> unread = new ArrayDeque<>();
  private final Set<String> readManifests = new HashSet<>();

  private OrphanSearch(EventTable events) {
    this.table = events.iceberg();
    this.ownsVersions = events.catalog().ownsMetadataFiles();
  }

  /**
   * Lists the files of a table.
   *
   * @param since younger files stay
   */
  static OrphanSearch begin(EventTable events, Configuration hadoop, Instant since) {
    OrphanSearch search = new OrphanSearch(events);
    Table table = events.iceberg();
    // The listing comes first: the metadata then names each listed file that is not an orphan.
    search.list(hadoop, new Path(table.location(), "data"), since);
    search.list(hadoop, new Path(table.location(), "metadata"), since);
    table.refresh();
    search.dropMetadataFiles(((HasTableOperations) table).operations().current());
    for (Snapshot snapshot : table.snapshots()) {
      search.drop(List.of(snapshot.manifestListLocation()));
      search.unread.addFirst(snapshot);
    }
    return search;
  }

  private void list(Configuration hadoop, Path folder, Instant since) {
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
      while (all.hasNext()) {
        LocatedFileStatus file = all.next();
        if (file.getModificationTime() < since.toEpochMilli() && isOurs(file.getPath().getName())) {
          candidates.put(NamedByState.key(file.getPath().toString()), file.getPath().toString());
        }
      }
    } catch (FileNotFoundException none) {
      // A table without data files has no folder for them.
    } catch (IOException e) {
      throw new UncheckedIOException("Folder " + folder + " cannot be listed", e);
    }
  }

  private boolean isOurs(String name) {
    return FILES.matcher(name).matches() || (ownsVersions && VERSIONS.matcher(name).matches());
  }

  private void dropMetadataFiles(TableMetadata metadata) {
    drop(List.of(metadata.metadataFileLocation()));
    metadata.previousFiles().forEach(version -> drop(List.of(version.file())));
  }

  private void drop(Collection<String> named) {
    named.forEach(location -> candidates.remove(NamedByState.key(location)));
  }

  /** Reads some manifests, those of the newest snapshots first; false if none is left. */
  boolean step() {
    Manifests manifests = new Manifests(table);
    for (int i = 0; i < SNAPSHOTS_A_STEP && !candidates.isEmpty() && !unread.isEmpty(); i++) {
      Map<String, ManifestFile> named = manifests.of(List.of(unread.remove()));
      drop(named.keySet());
      named.keySet().removeAll(readManifests);
      readManifests.addAll(named.keySet());
      drop(manifests.liveFiles(named.values()));
    }
    return !candidates.isEmpty() && !unread.isEmpty();
  }

  /** The orphans, once no step is left. */
  List<String> found() {
    return new ArrayList<>(candidates.values());
  }

  /** Removes the folders of batches without files. One that cannot be removed stays. */
  static void removeEmptyFolders(Table table, Configuration hadoop, Instant since) {
    Path data = new Path(table.location(), "data");
    try {
      FileSystem files = data.getFileSystem(hadoop);
      for (FileStatus batch : files.exists(data) ? files.listStatus(data) : new FileStatus[0]) {
        if (batch.isDirectory()
            && batch.getModificationTime() < since.toEpochMilli()
            && files.listStatus(batch.getPath()).length == 0) {
          files.delete(batch.getPath(), false);
        }
      }
    } catch (IOException e) {
      LOG.warn("Empty folders in {} stay: {}", data, e.toString());
    }
  }
}
