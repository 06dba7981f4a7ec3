package io.nova.kafka.source;

/**
 * A deserializer that prepares records on the thread that reads them from Kafka. Preparing may wait
 * as long as it must: the task goes on meanwhile, and so do its checkpoints.
 */
public interface ReadAhead {
  /** Whether there is anything to prepare at all. */
  boolean prepares();

  /** Prepares the value of a record. It returns early after {@link #stopWaiting}. */
  void prepare(byte[] value);

  /** Ends the waiting of {@link #prepare}, now and later. Any thread may call it. */
  void stopWaiting();
}
