package io.nova.judge.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record the value of one column is.
 *
 * @param field its name in the mapping file
 * @param key the column
 * @param pointers JSON pointers, of which the first present value counts; empty for a constant
 * @param format the format of a time
 * @param values numbers by text; empty when the value itself is the number
 * @param numberAsText whether a text column takes numbers
 * @param constant the constant value of every record, else null
 */
record MappedColumn(
    String field,
    ExportKey key,
    List<String> pointers,
    String format,
    Map<String, Long> values,
    boolean numberAsText,
    @Nullable Object constant) {
  /** What a pointer into the envelope begins with. */
  static final String ENVELOPE = "envelope:";

  /** A column as a mapping file describes it. */
  static MappedColumn of(String mapping, String field, ExportKey key, JsonNode place) {
    checkKeys(
        mapping, field, place, Set.of("pointer", "constant", "format", "values", "number_as_text"));
    JsonNode pointer = place.isObject() ? place.path("pointer") : place;
    ArrayList<String> pointers = new ArrayList<>();
    if (pointer.isArray()) {
      pointer.forEach(one -> pointers.add(one.asText()));
    } else if (pointer.isTextual()) {
      pointers.add(pointer.asText());
    }
    Object constant = constant(key, place.path("constant"));
    boolean good =
        pointers.stream().allMatch(text -> text.startsWith("/") || text.startsWith(ENVELOPE + "/"));
    if (!good || pointers.isEmpty() == (constant == null)) {
      throw new IllegalArgumentException(
          "Mapping %s, field %s: found %s, expected a JSON pointer that begins with / or envelope:/, a list of them, or an object with one of them or with a constant."
              .formatted(mapping, field, place));
    }
    HashMap<String, Long> values = new HashMap<>();
    place.path("values").properties().forEach(e -> values.put(e.getKey(), e.getValue().asLong()));
    return new MappedColumn(
        field,
        key,
        List.copyOf(pointers),
        place.path("format").asText("auto"),
        Map.copyOf(values),
        place.path("number_as_text").asBoolean(),
        constant);
  }

  /** Rejects unknown keys, which would otherwise be silent mistakes. */
  static void checkKeys(String mapping, String field, JsonNode object, Set<String> known) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!known.contains(entry.getKey())) {
        throw new IllegalArgumentException(
            "Mapping %s%s: found the key \"%s\", expected one of %s."
                .formatted(
                    mapping, field.isEmpty() ? "" : ", field " + field, entry.getKey(), known));
      }
    }
  }

  private static @Nullable Object constant(ExportKey key, JsonNode json) {
    return switch (key.fit()) {
      case TEXT -> json.textValue();
      case INTEGER -> json.isIntegralNumber() ? (Long) json.longValue() : null;
      case DOUBLE -> json.isNumber() ? (Double) json.doubleValue() : null;
      case BOOLEAN -> json.isBoolean() ? (Boolean) json.booleanValue() : null;
      case TIME, JSON -> null;
    };
  }

  /** The values that fit, in words. */
  String expected() {
    return switch (key.fit()) {
      case TEXT -> numberAsText ? "a text or a number" : "a text";
      case INTEGER -> values.isEmpty() ? "an integer of 64 bits" : "one of " + values.keySet();
      case DOUBLE -> "a number";
      case BOOLEAN -> "true or false";
      case TIME ->
          format.equals("auto")
              ? "a time such as \"2026-03-02 10:05:00.123456\" or \"2026-03-02T10:05:00+01:00\""
              : format.substring("epoch_".length()) + " since 1970 as a number";
      case JSON -> "JSON";
    };
  }
}
