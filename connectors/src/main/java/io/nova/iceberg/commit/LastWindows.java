package io.nova.iceberg.commit;

import io.nova.event.identity.Fingerprint;
import io.nova.event.row.BatchTail;
import io.nova.event.row.EventSchema;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.shard.BlockRules;
import io.nova.shard.HandedOffBatch;
import io.nova.shard.fingerprint.EventFingerprints;
import io.nova.shard.fingerprint.FingerprintSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;

/**
 * The completed batches of a table with the fingerprints of their last windows, as their tags have
 * them. A shard that is restored to before the close of such a batch needs them: an event after the
 * batch may be a copy of one in it.
 *
 * <p>Tags are read when a shard needs them. Not thread safe.
 */
public final class LastWindows {
  private static final String UPLOAD_TIME = "server_upload_time";

  private final Table table;
  private final BlockRules rules;
  private final BatchTail tail;
  private final List<Batch> completed;
  private final long completedUpTo;

  /** Tags are dropped in order. So a batch between two that have a tag had no rows. */
  private final boolean tagsMayBeDropped;

  private final Set<Integer> shards;
  private final Map<Long, LastWindow> read = new HashMap<>();

  /** The last window of one batch. */
  private static final class LastWindow {
    private final long from;
    private final Map<Integer, Map<Long, FingerprintSet>> byShard = new HashMap<>();
    private long knownFrom = Long.MIN_VALUE;

    LastWindow(long from) {
      this.from = from;
    }
  }

  /**
   * The completed batches of a table as loaded.
   *
   * @param shards the numbers of the shards that will be asked for
   */
  public LastWindows(EventTable events, BlockRules rules, Set<Integer> shards) {
    this.shards = Set.copyOf(shards);
    this.table = events.iceberg();
    this.rules = rules;
    this.tail =
        new BatchTail(rules.interval(), events.rules().batchLength(), rules.largestWindow());
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    this.completedUpTo = handoff.completed();
    this.tagsMayBeDropped = handoff.deleted() != BatchNumbers.NONE;
    this.completed =
        handoff.batches().stream().filter(one -> handoff.isCompleted(one.batch())).toList();
  }

  /**
   * The completed batches that a shard has not closed, oldest first. A batch whose tag is gone is
   * left out: the committer then fails the start.
   *
   * @param closedBelow the first interval that the shard has not closed
   */
  public List<HandedOffBatch> of(int shard, long closedBelow) {
    List<HandedOffBatch> left = new ArrayList<>();
    for (Batch batch : completed) {
      long below = rules.intervalOf(tail.endMicros(batch.batch()));
      Snapshot tag = table.snapshot(BatchTags.name(batch.batch()));
      if (below > closedBelow && tag != null) {
        LastWindow window = read.computeIfAbsent(batch.batch(), this::read);
        boolean mayFollowDropped = tagsMayBeDropped && left.isEmpty();
        left.add(
            new HandedOffBatch(
                below,
                LinkSummary.offsets(tag),
                window.byShard.getOrDefault(shard, Map.of()),
                mayFollowDropped ? Math.max(window.from, window.knownFrom) : window.knownFrom));
      }
    }
    return left;
  }

  /** The greatest completed batch as the table said; {@link BatchNumbers#NONE} before any. */
  public long completedUpTo() {
    return completedUpTo;
  }

  /** Frees the memory of what was read. */
  public void release() {
    read.clear();
  }

  private LastWindow read(long batch) {
    LastWindow window = new LastWindow(rules.intervalOf(tail.fromMicros(batch)));
    OffsetDateTime from =
        Instant.EPOCH.plus(tail.fromMicros(batch), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    new TagRows(table, batch)
        .forEach(
            Expressions.greaterThanOrEqual(UPLOAD_TIME, from.toString()),
            row -> add(row, window),
            EventSchema.SHARD,
            EventSchema.FINGERPRINT,
            UPLOAD_TIME);
    return window;
  }

  /** A row group may have rows before the last window. */
  private void add(Record row, LastWindow window) {
    long interval = interval(row);
    if (interval < window.from) {
      return;
    }
    if (row.getField(EventSchema.FINGERPRINT) instanceof String hex) {
      int shard = (Integer) row.getField(EventSchema.SHARD);
      if (shards.contains(shard)) {
        Fingerprint fingerprint = Fingerprint.ofHex(hex);
        window
            .byShard
            .computeIfAbsent(shard, number -> new TreeMap<>())
            .computeIfAbsent(interval, number -> new FingerprintSet())
            .add(fingerprint.high(), EventFingerprints.identity(fingerprint.low(), false));
      }
    } else {
      // The largest window was smaller when the row was written.
      window.knownFrom = Math.max(window.knownFrom, interval + 1);
    }
  }

  private long interval(Record row) {
    OffsetDateTime time = (OffsetDateTime) row.getField(UPLOAD_TIME);
    return rules.intervalOf(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
  }
}
