package io.nova.iceberg.commit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot from which a run continues the commit chain. The swap checks that it is still the
 * base: until then a writer of an earlier run may commit.
 *
 * @param base the snapshot whose content the marker gets; null for an empty table
 * @param goBack whether the table must first go back to it, since another one is current
 */
record Start(@Nullable Snapshot base, boolean goBack) {
  private static final Logger LOG = LoggerFactory.getLogger(Start.class);

  /**
   * The start of a job without state.
   *
   * @throws IllegalStateException if the table has content
   */
  static Start withoutContent(Table table) {
    Snapshot current = table.currentSnapshot();
    if (current == null || LinkSummary.isBirth(current)) {
      return new Start(current, false);
    }
    throw new IllegalStateException(
        ("Table %s has content (snapshot %s), and the job starts without state: it cannot know "
                + "which events are duplicates. Start it from its last checkpoint or savepoint "
                + "(flink run -s PATH), or use another warehouse. Nothing was changed.")
            .formatted(table.location(), current.snapshotId()));
  }

  /**
   * The start of a restored state: the newest snapshot of the newest of its links that a retained
   * snapshot has.
   *
   * @param known UUIDs of the state's links, oldest first
   * @param age how old the state is, for the message
   * @throws IllegalStateException if no retained snapshot has any of them
   */
  static Start atNewestOf(Table table, List<String> known, String age) {
    Snapshot found = newestOf(table, known, age);
    Snapshot current = table.currentSnapshot();
    if (current != null && current.snapshotId() == found.snapshotId()) {
      return new Start(found, false);
    }
    LOG.warn(
        "Table {}: goes back from snapshot {} to {}, the newest one that the restored state knows",
        table.location(),
        current == null ? "none" : current.snapshotId(),
        found.snapshotId());
    return new Start(found, true);
  }

  private static Snapshot newestOf(Table table, List<String> known, String age) {
    List<String> newestFirst = new ArrayList<>(known);
    Collections.reverse(newestFirst);
    for (String uuid : newestFirst) {
      Optional<Snapshot> found =
          StreamSupport.stream(table.snapshots().spliterator(), false)
              .filter(s -> LinkSummary.of(s).filter(l -> l.uuid().equals(uuid)).isPresent())
              .max(Comparator.comparingLong(Snapshot::sequenceNumber));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException(
        ("Table %s: no retained snapshot has any of the links %s of the restored state. %s."
                + " Snapshots expire after nova.savepoint.retention. A younger state belongs to"
                + " another table. Restore a newer checkpoint or savepoint. Nothing was changed.")
            .formatted(table.location(), known, age));
  }

  long baseId() {
    return base == null ? -1 : base.snapshotId();
  }

  /** The sequences of the base, as its summary writes them. */
  String sequences() {
    return base == null ? "" : base.summary().getOrDefault(LinkSummary.SEQUENCES, "");
  }

  /** Whether the swap starts from the base. */
  boolean isOn(@Nullable Snapshot swapped) {
    return swapped == null ? base == null : swapped.snapshotId() == baseId();
  }
}
