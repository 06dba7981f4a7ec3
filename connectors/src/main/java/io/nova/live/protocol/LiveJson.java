package io.nova.live.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The JSON of live views: records by the names of their components, none missing or unknown. */
public final class LiveJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What a pin asks for. */
  public record PinRequest(String generation) {}

  /** What a release gives back. */
  public record ReleaseRequest(String lease) {}

  /** Why a request was refused. */
  public record Refusal(String error) {}

  private LiveJson() {}

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
   * @throws IOException where the bytes are not one
   */
  public static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    T value = JSON.readValue(bytes, type);
    if (value == null) {
      throw new IOException("found null, expected a " + type.getSimpleName());
    }
    return value;
  }
}
