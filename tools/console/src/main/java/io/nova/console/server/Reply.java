package io.nova.console.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of the console.
 *
 * @param status HTTP status
 * @param contentType the header Content-Type
 * @param body the whole body
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public record Reply(int status, String contentType, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer as JSON with status 200. */
  public static Reply json(Object value) {
    return json(200, value);
  }

  /** An answer as JSON. */
  public static Reply json(int status, Object value) {
    try {
      return new Reply(status, "application/json; charset=utf-8", JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A failure with its reason for users. */
  public static Reply error(int status, String reason) {
    return json(status, Map.of("error", reason));
  }

  /** An answer as text. */
  public static Reply text(String contentType, String text) {
    return new Reply(200, contentType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }
}
