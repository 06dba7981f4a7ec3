package io.nova.iceberg.lifecycle;

import io.nova.iceberg.commit.LinkSummary;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/** The decision which snapshots of a table may expire. */
final class ExpirableSnapshots {
  private ExpirableSnapshots() {}

  /**
   * The snapshots that may expire now, in the order in which they were superseded. The head and
   * tagged snapshots may not, nor those of links that the state names.
   */
  static List<Snapshot> of(Table table, Retention retention, NamedByState state, Instant now) {
    Supersession superseded = new Supersession(table);
    Instant since = retention.snapshotsSince(now);
    Set<Long> referenced =
        table.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .filter(snapshot -> !referenced.contains(snapshot.snapshotId()))
        .filter(snapshot -> superseded.of(snapshot).isBefore(since))
        .filter(snapshot -> !isNamed(snapshot, state))
        .sorted(Comparator.comparing(superseded::of).thenComparing(Snapshot::sequenceNumber))
        .toList();
  }

  private static boolean isNamed(Snapshot snapshot, NamedByState state) {
    return LinkSummary.of(snapshot).filter(l -> state.links().contains(l.uuid())).isPresent();
  }
}
