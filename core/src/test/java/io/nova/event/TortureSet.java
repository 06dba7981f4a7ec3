package io.nova.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Handmade inputs with their expected outcomes. torture/make.py describes a line. */
public final class TortureSet {
  private TortureSet() {}

  /** One input. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Input(String name, byte @Nullable [] bytes, JsonNode outcome) {
    public boolean rejected() {
      return outcome.has("rejected");
    }

    String reason() {
      return outcome.get("rejected").textValue();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Input> all() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Input> inputs = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                TortureSet.class.getResourceAsStream("/torture/torture.jsonl"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = json.readTree(line);
        JsonNode parts = node.get("input");
        inputs.add(
            new Input(node.get("name").textValue(), parts.isNull() ? null : bytes(parts), node));
      }
    }
    return inputs;
  }

  private static byte[] bytes(JsonNode parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JsonNode part : parts) {
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

  /** A value of a column as the row should have it; null where it should have none. */
  static @Nullable Object value(@Nullable JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    if (json.isObject()) {
      StringBuilder text = new StringBuilder();
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
