package io.nova.iceberg.lifecycle;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * When each retained snapshot stopped to be the head of the table.
 *
 * <p>The table's log of heads has the time of the next head. That is also the time when the table
 * went back, for the last snapshot of an abandoned branch. The log lacks some snapshots: those that
 * never were the head, and those before an expired head. Their time is a later one that is known:
 * of the next snapshot, or of the log's first entry if that is later.
 */
final class Supersession {
  private final Map<Long, Long> millisById = new HashMap<>();
  private final NavigableMap<Long, Long> millisBySequence = new TreeMap<>();
  private final long firstOfLog;

  Supersession(Table table) {
    List<HistoryEntry> log = table.history();
    for (int i = 1; i < log.size(); i++) {
      millisById.put(log.get(i - 1).snapshotId(), log.get(i).timestampMillis());
    }
    firstOfLog = log.isEmpty() ? Long.MIN_VALUE : log.get(0).timestampMillis();
    for (Snapshot snapshot : table.snapshots()) {
      millisBySequence.put(snapshot.sequenceNumber(), snapshot.timestampMillis());
    }
  }

  /** The time, or a later one. The head has none: its time is meaningless. */
  Instant of(Snapshot snapshot) {
    Long logged = millisById.get(snapshot.snapshotId());
    return Instant.ofEpochMilli(
        logged != null ? logged : Math.max(firstOfLog, timeOfNext(snapshot)));
  }

  private long timeOfNext(Snapshot snapshot) {
    Map.Entry<Long, Long> next = millisBySequence.higherEntry(snapshot.sequenceNumber());
    return next == null ? snapshot.timestampMillis() : next.getValue();
  }
}
