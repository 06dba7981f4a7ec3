package io.nova.iceberg.commit;

import io.nova.event.audit.AuditDigest;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/**
 * What a closing link says of its close, in its own summary and in those of its side snapshots.
 *
 * @param by who asked for the close; {@code nova} where nobody did
 * @param offsets by partition, the offset after the last record read
 * @param lineage the checkpoints that the closing link descends from
 * @param digests by batch, the audit digest of its events; absent for a batch without events
 */
record Closing(String by, Map<Integer, Long> offsets, Ancestry lineage, Map<Long, String> digests) {
  private static final String DIGESTS = "nova.digests";
  private static final String LINEAGE = "nova.lineage";

  /** The close of a closing link. */
  static Closing of(Link link, CloseOrder order) {
    Map<Long, String> digests = new TreeMap<>();
    link.audit().forEach((batch, figures) -> digests.put(batch, figures.digest()));
    return new Closing(order.by(), link.offsets(), link.lineage(), digests);
  }

  /** Reads the summary of a closing link or of a side snapshot. */
  static Closing of(Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    Map<Long, String> digests = new TreeMap<>();
    pairs(summary.getOrDefault(DIGESTS, ""))
        .forEach(pair -> digests.put(Long.valueOf(pair[0]), pair[1]));
    List<RunCheckpoint> lineage =
        pairs(summary.getOrDefault(LINEAGE, "")).stream()
            .map(pair -> new RunCheckpoint(pair[0], Long.parseLong(pair[1])))
            .toList();
    return new Closing(
        summary.getOrDefault(LinkSummary.CLOSED_BY, "nova"),
        LinkSummary.offsets(snapshot),
        new Ancestry(lineage),
        digests);
  }

  /** Writes it to a summary. */
  void to(SnapshotUpdate<?> update) {
    update.set(LinkSummary.CLOSED_BY, by);
    update.set(LinkSummary.OFFSETS, LinkSummary.text(offsets));
    update.set(
        LINEAGE,
        lineage.checkpoints().stream()
            .map(one -> one.generation() + ":" + one.id())
            .collect(Collectors.joining(",")));
    update.set(
        DIGESTS,
        digests.entrySet().stream()
            .map(one -> one.getKey() + ":" + one.getValue())
            .collect(Collectors.joining(",")));
  }

  /** The audit digest of the events of a batch. */
  String digest(long batch) {
    return digests.getOrDefault(batch, new AuditDigest().hex());
  }

  private static List<String[]> pairs(String text) {
    List<String[]> pairs = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String one : text.split(",", -1)) {
        int colon = one.lastIndexOf(':');
        pairs.add(new String[] {one.substring(0, colon), one.substring(colon + 1)});
      }
    }
    return pairs;
  }
}
