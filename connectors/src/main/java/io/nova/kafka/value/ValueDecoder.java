package io.nova.kafka.value;

import io.nova.event.format.UndecodableException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the value of a message into JSON.
 *
 * <p>{@link #json} belongs to the task's thread, {@link #prepare} to the thread that reads from
 * Kafka. Any thread may call the others.
 */
public interface ValueDecoder extends AutoCloseable {
  /**
   * The value as JSON. Null and no bytes are returned as they are.
   *
   * @throws UndecodableException where no schema fits the bytes
   */
  byte @Nullable [] json(byte @Nullable [] value) throws UndecodableException;

  /**
   * Gets what {@link #json} needs for this value. It may wait for the registry, until {@link
   * #close}.
   */
  void prepare(byte[] value);

  /** Whether the schema registry does not answer, so that messages wait. */
  boolean registryAway();

  /** Ends all waiting, and gives up what the decoder owns. */
  @Override
  void close();
}
