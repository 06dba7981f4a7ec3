package io.nova.kafka;

/** How far upload time has come in one Kafka partition. A Flink POJO. */
public final class PartitionProgress {
  /** The partition. */
  public int partition;

  /** The greatest upload time read from it, microseconds since 1970. */
  public long uploadMicros;

  /** The greatest offset read from it; every event at or below it has been sent to its shard. */
  public long offset;

  public PartitionProgress() {}

  /** Progress of a partition. */
  public static PartitionProgress of(int partition, long uploadMicros, long offset) {
    PartitionProgress progress = new PartitionProgress();
    progress.partition = partition;
    progress.uploadMicros = uploadMicros;
    progress.offset = offset;
    return progress;
  }
}
