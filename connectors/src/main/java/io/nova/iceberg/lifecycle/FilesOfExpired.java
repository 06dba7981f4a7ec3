package io.nova.iceberg.lifecycle;

import io.nova.iceberg.commit.LinkSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * The files that leave a table along with some of its snapshots: no other snapshot names them.
 *
 * <p>Comparing with all other snapshots would read thousands of manifest lists. Few of them matter.
 * A link adds new files only, and a child inherits the rest from its parent. So the snapshots that
 * name one file are connected in the tree of snapshots. If an expiring and a retained snapshot name
 * a file, all snapshots on the path between them do. The path meets its first retained snapshot in
 * one of two ways:
 *
 * <ul>
 *   <li>from parent to child: that snapshot is a retained one without a retained parent;
 *   <li>from child to parent: that snapshot is older than an expiring one.
 * </ul>
 *
 * <p>One kind of link has files of another branch: one that a start applies again. Its snapshots
 * are marked and always count. So do the head and the tags, for safety.
 *
 * @param data data files
 * @param metadata manifests and manifest lists
 */
record FilesOfExpired(List<String> data, List<String> metadata) {
  FilesOfExpired {
    data = List.copyOf(data);
    metadata = List.copyOf(metadata);
  }

  /** Reads the files while the snapshots are still in the table. */
  static FilesOfExpired of(Table table, Collection<Snapshot> expiring) {
    Manifests manifests = new Manifests(table);
    Map<String, ManifestFile> gone = manifests.of(expiring);
    Map<String, ManifestFile> kept = manifests.of(neighbors(table, expiring));
    gone.keySet().removeAll(kept.keySet());
    List<String> data = List.of();
    if (!gone.isEmpty()) {
      Set<String> unnamed = manifests.liveFiles(gone.values());
      unnamed.removeAll(manifests.liveFiles(kept.values()));
      data = List.copyOf(unnamed);
    }
    List<String> metadata = new ArrayList<>(gone.keySet());
    expiring.forEach(snapshot -> metadata.add(snapshot.manifestListLocation()));
    return new FilesOfExpired(data, metadata);
  }

  /** The retained snapshots that a path from an expiring one can meet first. */
  private static List<Snapshot> neighbors(Table table, Collection<Snapshot> expiring) {
    Set<Long> expired = expiring.stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
    long newest = expiring.stream().mapToLong(Snapshot::sequenceNumber).max().orElse(0);
    List<Snapshot> retained =
        StreamSupport.stream(table.snapshots().spliterator(), false)
            .filter(snapshot -> !expired.contains(snapshot.snapshotId()))
            .toList();
    Set<Long> referenced =
        table.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    Set<Long> ids = retained.stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
    return retained.stream()
        .filter(
            s ->
                s.sequenceNumber() < newest
                    || !ids.contains(s.parentId())
                    || LinkSummary.isReapplied(s)
                    || referenced.contains(s.snapshotId()))
        .toList();
  }

  /** All files, data files first. */
  List<String> all() {
    List<String> all = new ArrayList<>(data);
    all.addAll(metadata);
    return all;
  }
}
