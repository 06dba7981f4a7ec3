package io.nova.sql.live;

import io.nova.iceberg.commit.SnapshotMark;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The table at one moment.
 *
 * @param location its folder
 * @param shards how many it has; 0 for a table that no job made
 * @param snapshotId its current snapshot
 * @param mark what that snapshot says of itself; empty where no job made it
 */
public record TableAt(
    String location, int shards, Optional<Long> snapshotId, Optional<SnapshotMark> mark) {
  private static final String SHARDS = "nova.shards";

  /** The table as this handle has it. */
  public static TableAt of(Table table) {
    Optional<Snapshot> current = Optional.ofNullable(table.currentSnapshot());
    return new TableAt(
        table.location(),
        PropertyUtil.propertyAsInt(table.properties(), SHARDS, 0),
        current.map(Snapshot::snapshotId),
        current.flatMap(SnapshotMark::of));
  }

  /** Whether its current snapshot was made in this run of the job. */
  boolean isOf(String generation) {
    return mark.filter(found -> found.generation().equals(generation)).isPresent();
  }

  IntStream allShards() {
    return IntStream.range(0, shards);
  }
}
