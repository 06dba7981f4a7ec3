package io.nova.event.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.nova.event.EventParser;
import java.io.IOException;

/**
 * A buffer for the JSON of one value after the other. JSON that is nested deeper than a message may
 * be is an error. One thread at a time.
 */
final class JsonOutput {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(EventParser.MAX_DEPTH).build())
          .build();

  private final ByteArrayBuilder bytes = new ByteArrayBuilder();

  /** Writes a value. */
  @FunctionalInterface
  interface Value {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /**
   * The JSON of a value.
   *
   * @throws UndecodableException where writing fails, since the bytes are no value of the schema
   */
  byte[] of(Value value) throws UndecodableException {
    bytes.reset();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      value.writeTo(json);
      json.flush();
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw UndecodableException.of(e);
    }
  }
}
