package io.nova.kafka;

/** How far upload time has come in one Kafka partition. A Flink POJO. */
public final class PartitionProgress {
  /** The partition. */
  public int partition;

  /** The greatest upload time read from it, microseconds since 1970. */
  public long uploadMicros;

  public PartitionProgress() {}
}
