package io.nova.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.block.Ancestry;
import io.nova.live.SubtaskView.Checkpointed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON of live views: records by the names of their components, none missing or unknown. */
final class LiveJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What a pin asks for. */
  record PinRequest(String generation) {}

  /** What a release gives back. */
  record ReleaseRequest(String lease) {}

  /** Why a request was refused. */
  record Refusal(String error) {}

  private LiveJson() {}

  static byte[] write(Object value) {
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
  static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    return required(JSON.readValue(bytes, type), type);
  }

  /**
   * Reads a pinned view of any version.
   *
   * @throws IOException where the bytes are not one
   */
  static PinnedView readPinned(byte[] bytes) throws IOException {
    JsonNode tree = required(JSON.readTree(bytes), PinnedView.class);
    int version = tree.path("version").asInt();
    if (version == 1 && tree instanceof ObjectNode view) {
      view.set("checkpointed", JSON.valueToTree(Checkpointed.UNKNOWN));
    } else if (version == 2 && tree.path("checkpointed") instanceof ObjectNode checkpointed) {
      checkpointed.set("ancestry", JSON.valueToTree(Ancestry.NONE));
    }
    return required(JSON.treeToValue(tree, PinnedView.class), PinnedView.class);
  }

  private static <T> T required(@Nullable T value, Class<?> type) throws IOException {
    if (value == null) {
      throw new IOException("found null, expected a " + type.getSimpleName());
    }
    return value;
  }
}
