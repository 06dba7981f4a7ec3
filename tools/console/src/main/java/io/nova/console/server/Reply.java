package io.nova.console.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer of the console.
 *
 * @param status HTTP status
 * @param contentType the header Content-Type
 * @param body the whole body
 * @param headers further headers by their names; each value is one line of ASCII
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer without further headers. */
  public Reply(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }

  /** The same answer with one more header. Other characters than printable ASCII become "?". */
  public Reply with(String name, String value) {
    LinkedHashMap<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value.replaceAll("[^ -~]", "?"));
    return new Reply(status, contentType, body, more);
  }

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
