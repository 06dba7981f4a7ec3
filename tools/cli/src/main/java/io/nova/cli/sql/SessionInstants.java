package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Corrects instants of the gateway. It returns the local time of the session's zone and appends a
 * {@code Z}, as if that were UTC. Here the local time gets the zone's offset: {@code
 * 2026-03-02T09:00:00+09:00}. In the hour that a zone repeats in autumn the offset is unknown, so
 * there is none. The gateway returns instants within a ROW in UTC; they stay as they are.
 *
 * @param zone the session's zone
 */
record SessionInstants(ZoneId zone) {
  private static final String INSTANT = "TIMESTAMP_WITH_LOCAL_TIME_ZONE";

  /** Whether values of this type have instants to correct. */
  static boolean in(JsonNode type) {
    return switch (type.path("type").asText()) {
      case INSTANT -> true;
      case "ARRAY" -> in(type.path("elementType"));
      case "MAP" -> in(type.path("valueType"));
      default -> false;
    };
  }

  /** A row, given Flink's logical type of each of its fields. */
  JsonNode corrected(JsonNode fields, List<JsonNode> types) {
    ArrayNode row = JsonNodeFactory.instance.arrayNode(types.size());
    for (int i = 0; i < types.size(); i++) {
      row.add(value(fields.path(i), types.get(i)));
    }
    return row;
  }

  private JsonNode value(JsonNode value, JsonNode type) {
    if (value.isNull() || !in(type)) {
      return value;
    }
    return switch (type.path("type").asText()) {
      case "ARRAY" -> array(value, type.path("elementType"));
      case "MAP" -> map(value, type.path("valueType"));
      default -> TextNode.valueOf(instant(value.asText()));
    };
  }

  private ArrayNode array(JsonNode values, JsonNode type) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(value -> array.add(value(value, type)));
    return array;
  }

  private ObjectNode map(JsonNode values, JsonNode type) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    values.properties().forEach(each -> map.set(each.getKey(), value(each.getValue(), type)));
    return map;
  }

  private String instant(String text) {
    String local = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
    return local + offset(local);
  }

  private String offset(String local) {
    try {
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(LocalDateTime.parse(local));
      return offsets.size() == 1 ? offsets.get(0).getId() : "";
    } catch (DateTimeParseException beyondTheCalendar) {
      return "";
    }
  }
}
