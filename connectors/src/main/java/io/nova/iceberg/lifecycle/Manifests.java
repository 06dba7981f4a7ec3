package io.nova.iceberg.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** The manifests of some snapshots of a table. Each manifest is read at most once. */
final class Manifests {
  private final Table table;
  private final Map<String, Set<String>> liveFiles = new HashMap<>();

  Manifests(Table table) {
    this.table = table;
  }

  /** The manifests of snapshots, by their paths. */
  Map<String, ManifestFile> of(Collection<Snapshot> snapshots) {
    Map<String, ManifestFile> found = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      snapshot.allManifests(table.io()).forEach(manifest -> found.put(manifest.path(), manifest));
    }
    return found;
  }

  /** The paths of the files that manifests name as part of the table. */
  Set<String> liveFiles(Collection<ManifestFile> manifests) {
    Set<String> all = new HashSet<>();
    manifests.forEach(
        manifest -> all.addAll(liveFiles.computeIfAbsent(manifest.path(), p -> read(manifest))));
    return all;
  }

  private Set<String> read(ManifestFile manifest) {
    Set<String> paths = new HashSet<>();
    try (CloseableIterable<String> live =
        ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
      live.forEach(paths::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Manifest " + manifest.path() + " cannot be read", e);
    }
    return paths;
  }
}
