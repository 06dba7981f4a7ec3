package io.nova.job.metrics;

import io.nova.event.Tally;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tally of one subtask at the barrier of a checkpoint. The intake also reports how far it has
 * read each Kafka partition. A Flink POJO.
 */
public final class TallyReport {
  private static final byte[] NONE = {};

  /** Flink's number of the checkpoint in this run of the job. */
  public long checkpointId;

  /** The tally as JSON bytes. */
  public byte[] tally = NONE;

  /** The partitions that the intake has read. */
  public int[] partitions = {};

  /** For each of {@link #partitions}, the offset after the last record that was read. */
  public long[] offsets = {};

  public TallyReport() {}

  public static TallyReport of(long checkpointId, Tally tally) {
    TallyReport report = new TallyReport();
    report.checkpointId = checkpointId;
    report.tally = TallyCodec.write(tally);
    return report;
  }

  /** The same report with the offset after the last record that was read, by partition. */
  public TallyReport readTo(Map<Integer, Long> nextOffsets) {
    partitions = nextOffsets.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    offsets = Arrays.stream(partitions).mapToLong(nextOffsets::get).toArray();
    return this;
  }

  /** The offset after the last record that was read, by partition; empty for shards. */
  public Map<Integer, Long> nextOffsets() {
    Map<Integer, Long> next = new TreeMap<>();
    for (int i = 0; i < partitions.length; i++) {
      next.put(partitions[i], offsets[i]);
    }
    return next;
  }
}
