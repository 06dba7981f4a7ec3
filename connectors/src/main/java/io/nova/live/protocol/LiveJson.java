package io.nova.live.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The JSON of live views: records as objects with exactly the keys of their components. */
public final class LiveJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A request to pin the view of a generation. */
  public record PinRequest(String generation) {}

  /** A request to release a lease. */
  public record ReleaseRequest(String lease) {}

  /** The answer to a refused request. */
  public record Refusal(String error) {}

  private LiveJson() {}

  /** Writes a record. */
  public static byte[] write(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record that JSON cannot express: " + value, e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IOException if the bytes are no such record
   */
  public static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    T value = JSON.readValue(bytes, type);
    if (value == null) {
      throw new IOException("found null, expected a " + type.getSimpleName());
    }
    return value;
  }
}
