package io.nova.event.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.event.row.Column;
import io.nova.event.row.Column.Kind;
import io.nova.event.row.EventSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One field of a mapping file: the place of a column's value.
 *
 * @param pointers the pointers by rank; empty where the value is constant
 * @param sources the pointers in the form that the parser needs
 * @param constant the value for all records
 * @param expected the values that fit, in words
 */
record MappingField(
    List<String> pointers, List<ColumnSource> sources, Optional<Object> constant, String expected) {
  private static final String POINTER = "pointer";
  private static final String CONSTANT = "constant";
  private static final String FORMAT = "format";
  private static final String VALUES = "values";
  private static final String NUMBER_AS_TEXT = "number_as_text";
  private static final String EXPECTED_PLACE =
      "a JSON pointer such as \"/user/id\", a list of them, or an object with one of them or with a"
          + " constant";

  /** Reads the field's JSON: a pointer, a list of pointers, or an object that says more. */
  static MappingField read(String field, int column, JsonNode json, MappingProblem problem) {
    return new Reader(field, EventSchema.columns().get(column), column, problem).read(json);
  }

  /** The context of reading one field. */
  private record Reader(String field, Column column, int index, MappingProblem problem) {
    MappingField read(JsonNode json) {
      if (!json.isObject()) {
        return places(pointers(field, json), TimeFormat.AUTO, Map.of(), false);
      }
      problem.checkKeys(field, json, allowed());
      if (json.has(CONSTANT)) {
        if (json.size() > 1) {
          throw problem.at(field, json, "a constant alone");
        }
        return constant(json.get(CONSTANT));
      }
      return places(
          pointers(field + "." + POINTER, json.path(POINTER)),
          format(json.path(FORMAT)),
          values(json.path(VALUES)),
          numberAsText(json.path(NUMBER_AS_TEXT)));
    }

    private List<String> allowed() {
      List<String> allowed = new ArrayList<>(List.of(POINTER, CONSTANT));
      if (column.kind() == Kind.TIME) {
        allowed.add(FORMAT);
      }
      if (column.name().equals("app")) {
        allowed.add(VALUES);
      }
      if (column.kind() == Kind.STRING) {
        allowed.add(NUMBER_AS_TEXT);
      }
      return allowed;
    }

    private List<String> pointers(String where, JsonNode json) {
      List<String> pointers = new ArrayList<>();
      if (json.isArray() && !json.isEmpty()) {
        json.forEach(one -> pointers.add(pointer(where, one)));
      } else {
        pointers.add(pointer(where, json));
      }
      if (new HashSet<>(pointers).size() < pointers.size()) {
        throw problem.at(where, json, "each pointer once");
      }
      return pointers;
    }

    private String pointer(String where, JsonNode json) {
      if (!json.isTextual() || !JsonPointers.valid(json.textValue())) {
        throw problem.at(where, json, EXPECTED_PLACE);
      }
      return json.textValue();
    }

    private TimeFormat format(JsonNode json) {
      if (json.isMissingNode()) {
        return TimeFormat.AUTO;
      }
      return Arrays.stream(TimeFormat.values())
          .filter(format -> format.wireName().equals(json.textValue()))
          .findFirst()
          .orElseThrow(() -> problem.at(field + "." + FORMAT, json, formats()));
    }

    private static String formats() {
      return Arrays.stream(TimeFormat.values())
          .map(TimeFormat::wireName)
          .collect(Collectors.joining(", ", "one of ", ""));
    }

    private Map<String, Long> values(JsonNode json) {
      if (json.isMissingNode()) {
        return Map.of();
      }
      if (!json.isObject() || json.isEmpty()) {
        throw problem.at(field + "." + VALUES, json, "an object of texts and their numbers");
      }
      Map<String, Long> values = new HashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        JsonNode number = entry.getValue();
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
          throw problem.at(
              field + "." + VALUES + "." + entry.getKey(), number, "an integer of 64 bits");
        }
        values.put(entry.getKey(), number.longValue());
      }
      return Map.copyOf(values);
    }

    private boolean numberAsText(JsonNode json) {
      if (!json.isMissingNode() && !json.isBoolean()) {
        throw problem.at(field + "." + NUMBER_AS_TEXT, json, "true or false");
      }
      return json.booleanValue();
    }

    private MappingField places(
        List<String> pointers, TimeFormat time, Map<String, Long> values, boolean numberAsText) {
      List<ColumnSource> sources = new ArrayList<>();
      for (int rank = 0; rank < pointers.size(); rank++) {
        sources.add(new ColumnSource(index, column.kind(), rank, time, values, numberAsText));
      }
      return new MappingField(
          pointers, sources, Optional.empty(), expected(time, values, numberAsText));
    }

    private String expected(TimeFormat time, Map<String, Long> values, boolean numberAsText) {
      return switch (column.kind()) {
        case STRING -> numberAsText ? "a string or a number" : "a string of whole characters";
        case INTEGER ->
            values.isEmpty() ? "an integer of 64 bits" : "one of " + new TreeSet<>(values.keySet());
        case DOUBLE -> "a number";
        case BOOLEAN -> "true or false";
        case TIME -> time.expected();
        case JSON -> "any JSON";
      };
    }

    private MappingField constant(JsonNode json) {
      Optional<Object> value =
          switch (column.kind()) {
            case STRING -> Optional.ofNullable(json.textValue());
            case INTEGER ->
                json.isIntegralNumber() && json.canConvertToLong()
                    ? Optional.of(json.longValue())
                    : Optional.empty();
            case DOUBLE -> json.isNumber() ? Optional.of(json.doubleValue()) : Optional.empty();
            case BOOLEAN -> json.isBoolean() ? Optional.of(json.booleanValue()) : Optional.empty();
            case TIME, JSON -> Optional.empty();
          };
      String expected = expected(TimeFormat.AUTO, Map.of(), false);
      if (value.isEmpty()) {
        throw problem.at(
            field + "." + CONSTANT,
            json,
            column.kind() == Kind.TIME || column.kind() == Kind.JSON
                ? "a pointer: a column of times or of JSON has no constant"
                : expected);
      }
      return new MappingField(List.of(), List.of(), value, expected);
    }
  }
}
