package io.nova.iceberg.lifecycle;

import java.util.List;

/**
 * What a run of the lifecycle would remove.
 *
 * @param snapshots ids of the snapshots that would expire
 * @param files the data files and manifests that only these name
 * @param orphans old files that no snapshot names
 */
public record RemovalPlan(List<Long> snapshots, List<String> files, List<String> orphans) {
  public RemovalPlan {
    snapshots = List.copyOf(snapshots);
    files = List.copyOf(files);
    orphans = List.copyOf(orphans);
  }
}
