package io.nova.handoff;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic {@code batches} as Kafka has it.
 *
 * @param offset its offset
 * @param key the request id; null in a record that nobody can be answered for
 * @param kind its header {@code kind}; null without one
 * @param value its value as text, empty where it has none
 */
public record BatchRecord(long offset, @Nullable String key, @Nullable String kind, String value) {
  /** The header that tells requests from answers. */
  public static final String KIND = "kind";

  /** The kind of a request. */
  public static final String REQUEST = "request";

  /** The kind of an answer. */
  public static final String ANSWER = "answer";

  byte[] utf8() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /** The start of the value, for messages. */
  String shortValue() {
    return value.substring(0, Math.min(value.length(), 60));
  }
}
