package io.nova.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The torture set of connectors/src/test/resources/torture; make.py there says what a line is. */
public final class TortureInputs {
  private static final Path FILE =
      Path.of("..", "..", "connectors", "src", "test", "resources", "torture", "torture.jsonl");

  private TortureInputs() {}

  /**
   * One input.
   *
   * @param reason why it must be refused, null where it must be stored
   * @param job what the job makes of it where that differs, else null
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Input(
      String name,
      byte @Nullable [] bytes,
      @Nullable String reason,
      @Nullable String job,
      JsonNode outcome) {

    /** The value that a column, {@code user} or {@code extra} must have; null for none. */
    public @Nullable Object expected(String column) {
      return value(
          column.equals("user") || column.equals("extra")
              ? outcome.get(column)
              : outcome.get("columns").get(column));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Input> all() throws IOException {
    var json = new ObjectMapper();
    var inputs = new ArrayList<Input>();
    for (var line : Files.readAllLines(FILE)) {
      var node = json.readTree(line);
      var parts = node.get("input");
      inputs.add(
          new Input(
              node.get("name").textValue(),
              parts.isNull() ? null : bytes(parts),
              node.path("rejected").textValue(),
              node.path("job").textValue(),
              node));
    }
    return inputs;
  }

  private static byte[] bytes(JsonNode parts) {
    var bytes = new ByteArrayOutputStream();
    for (var part : parts) {
      bytes.writeBytes(
          part.has("hex")
              ? HexFormat.of().parseHex(part.get("hex").textValue())
              : text(part).getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String text(JsonNode part) {
    return part.has("repeat")
        ? part.get("repeat").textValue().repeat(part.get("times").intValue())
        : part.textValue();
  }

  private static @Nullable Object value(@Nullable JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    if (json.isObject()) {
      var text = new StringBuilder();
      json.get("parts").forEach(part -> text.append(text(part)));
      return text.toString();
    }
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    return json.isIntegralNumber() ? (Object) json.longValue() : (Object) json.doubleValue();
  }
}
