package io.nova.kafka;

/** The progress of upload time in one Kafka partition. A Flink POJO. */
public final class PartitionProgress {
  /** The partition. */
  public int partition;

  /** The upload time that it has reached, microseconds since 1970. */
  public long uploadMicros;

  /** The greatest offset read from it. All events up to it have been sent to their shards. */
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
