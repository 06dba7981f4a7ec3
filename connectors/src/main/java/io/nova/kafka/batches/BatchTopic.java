package io.nova.kafka.batches;

import io.nova.handoff.BatchRecord;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/** The topic {@code batches} as the job reads it. */
public interface BatchTopic extends Serializable {
  /**
   * Kafka's id of the topic. A topic that is created again has another one.
   *
   * @throws IllegalStateException if the brokers do not answer
   */
  String id();

  /**
   * Reads all records after an offset, on a thread of its own, until it is closed.
   *
   * @param position the offset of the last record that is known; -1 for all
   */
  Reading read(long position, Reader reader);

  /** A reading that goes on. */
  interface Reading extends AutoCloseable {
    /** Ends it. Does not wait for its thread. */
    @Override
    void close();
  }

  /** Receives what is read, on the thread of the reading. */
  interface Reader {
    /** Records in their order. */
    void records(List<BatchRecord> read);

    /** All records have been read that the topic had when the reading began. Called once. */
    void caughtUp();

    /** The partitions of the events that hold no record, again and again. */
    void empty(Set<Integer> partitions);

    /** The reading has ended. */
    void failed(RuntimeException cause);
  }
}
