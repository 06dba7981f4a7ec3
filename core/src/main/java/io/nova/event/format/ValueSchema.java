package io.nova.event.format;

/**
 * Writes the values of one schema as JSON. So the mapping finds the fields of a record by the same
 * pointers as in a JSON message.
 *
 * <p>One thread at a time.
 */
public interface ValueSchema {
  /**
   * A value as one JSON text in UTF-8. A text of the value that is not valid UTF-8 stays as it is.
   *
   * @param message the bytes of a Kafka record's value
   * @param from index of the first byte after the header, which names the schema
   * @throws UndecodableException where the bytes are no value of this schema
   */
  byte[] json(byte[] message, int from) throws UndecodableException;
}
