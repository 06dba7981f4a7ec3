package io.nova.iceberg.lifecycle;

/**
 * Figures of a table and its lifecycle.
 *
 * @param snapshots number of retained snapshots
 * @param metadataBytes size of the current metadata file, in bytes as stored
 * @param expiredSnapshots number of snapshots that have expired since the job started
 * @param removedFiles number of files that were removed since the job started
 */
public record LifecycleFigures(
    long snapshots, long metadataBytes, long expiredSnapshots, long removedFiles) {}
