package io.nova.event.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.identity.IdentityFields;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Reads and checks the text of a mapping file, version 1 (docs/reference/formats.md). Not thread
 * safe.
 */
final class MappingFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String COLUMNS = "columns";
  private static final String EACH = "each";
  private static final String IDENTITY = "identity";

  /** The fields with a name of their own, and their columns. */
  private static final Map<String, String> FIELDS = fields();

  private final MappingProblem problem;
  private final PathNode.Builder paths = new PathNode.Builder();
  private final PathNode.Builder envelope = new PathNode.Builder();
  private final Set<Integer> ofEnvelope = new TreeSet<>();
  private final List<Constant> constants = new ArrayList<>();
  private final Map<Integer, String> places = new LinkedHashMap<>();
  private final Map<Integer, String> expected = new LinkedHashMap<>();
  private Optional<List<String>> each = Optional.empty();
  private boolean alternatives;

  private MappingFile(String name) {
    this.problem = new MappingProblem(name);
  }

  /** A column with the same value in all records. */
  record Constant(int column, Object value) {}

  /**
   * The content of a mapping file.
   *
   * @param each the keys that lead to the elements of a message; empty where a message is one
   *     record
   * @param envelope the pointers into the envelope
   * @param ofEnvelope the columns of these pointers
   * @param root all pointers into the record
   * @param nodes the number of their nodes
   * @param alternatives whether a column has several pointers
   * @param constants columns without a pointer
   * @param identity columns that make the identity; empty for the built-in kinds
   * @param places by column, its field and its pointers, for messages
   * @param expected by column, the values that fit, in words
   */
  record Content(
      Optional<List<String>> each,
      PathNode envelope,
      List<Integer> ofEnvelope,
      PathNode root,
      int nodes,
      boolean alternatives,
      List<Constant> constants,
      List<String> identity,
      Map<Integer, String> places,
      Map<Integer, String> expected) {}

  private static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("app", "app");
    fields.put("user", "user_id");
    fields.put("device", "device_id");
    fields.put("type", "event_type");
    fields.put("upload_time", "server_upload_time");
    fields.put("event_time", "event_time");
    fields.put("id", "insert_id");
    fields.put("properties", "event_properties");
    return fields;
  }

  /**
   * Reads a file's text.
   *
   * @throws IllegalArgumentException which names file, field, what was found and expected
   */
  static Content read(String name, String text) {
    return new MappingFile(name).read(text);
  }

  private Content read(String text) {
    JsonNode file = parse(text);
    problem.checkKeys("", file, known());
    if (!file.path("version").isInt() || file.path("version").intValue() != 1) {
      throw problem.at("version", file.path("version"), "1");
    }
    each = each(file.path(EACH));
    FIELDS.forEach((field, column) -> add(field, column, file.path(field)));
    addColumns(file.path(COLUMNS));
    mustBeThere("app", "app");
    mustBeThere("upload_time", "server_upload_time");
    return new Content(
        each,
        envelope.root(),
        List.copyOf(ofEnvelope),
        paths.root(),
        paths.nodes(),
        alternatives,
        constants,
        identity(file.path(IDENTITY)),
        places,
        expected);
  }

  private JsonNode parse(String text) {
    try {
      JsonNode file = JSON.readTree(text);
      if (!file.isObject()) {
        throw problem.at("", file, "a JSON object");
      }
      return file;
    } catch (JsonProcessingException e) {
      throw problem.notJson(e);
    }
  }

  private static List<String> known() {
    List<String> known = new ArrayList<>(List.of("version", "description"));
    known.addAll(FIELDS.keySet());
    known.add(COLUMNS);
    known.add(EACH);
    known.add(IDENTITY);
    return known;
  }

  private Optional<List<String>> each(JsonNode json) {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    String text = json.textValue();
    if (text == null
        || JsonPointers.ofEnvelope(text)
        || !(text.isEmpty() || JsonPointers.valid(text))) {
      throw problem.at(
          EACH,
          json,
          "a JSON pointer to an array such as \"/batch\", or \"\" for the message itself");
    }
    return Optional.of(JsonPointers.tokens(text));
  }

  private void addColumns(JsonNode columns) {
    if (columns.isMissingNode()) {
      return;
    }
    if (!columns.isObject()) {
      throw problem.at(COLUMNS, columns, "an object with a place for each column");
    }
    List<String> names = new ArrayList<>(EventSchema.columns().stream().map(Column::name).toList());
    names.removeAll(FIELDS.values());
    problem.checkKeys(COLUMNS, columns, names);
    columns
        .fieldNames()
        .forEachRemaining(name -> add(COLUMNS + "." + name, name, columns.path(name)));
  }

  private void add(String field, String columnName, JsonNode json) {
    if (json.isMissingNode()) {
      return;
    }
    int column = EventSchema.indexOf(columnName);
    MappingField read = MappingField.read(field, column, json, problem);
    expected.put(column, read.expected());
    if (read.constant().isPresent()) {
      constants.add(new Constant(column, read.constant().get()));
      places.put(column, field + " (a constant)");
      return;
    }
    for (ColumnSource source : read.sources()) {
      String pointer = read.pointers().get(source.rank());
      if (JsonPointers.ofEnvelope(pointer)) {
        addToEnvelope(field, json, JsonPointers.tokens(pointer), source);
      } else {
        paths.add(JsonPointers.tokens(pointer), source);
      }
    }
    alternatives |= read.pointers().size() > 1;
    places.put(column, "%s (%s)".formatted(field, String.join(" or ", read.pointers())));
  }

  private void addToEnvelope(
      String field, JsonNode json, List<String> tokens, ColumnSource source) {
    if (each.isEmpty()) {
      throw problem.at(field, json, "no pointer into an envelope, because each is absent");
    }
    if (source.kind() == Column.Kind.JSON) {
      throw problem.at(
          field, json, "a pointer into the element, because the column takes any JSON");
    }
    List<String> elements = each.get();
    if (tokens.size() >= elements.size() && tokens.subList(0, elements.size()).equals(elements)) {
      throw problem.at(field, json, "a place in the envelope outside the elements");
    }
    envelope.add(tokens, source);
    ofEnvelope.add(source.column());
  }

  private void mustBeThere(String field, String column) {
    if (!places.containsKey(EventSchema.indexOf(column))) {
      throw problem.at(field, null, "a pointer");
    }
  }

  private List<String> identity(JsonNode json) {
    if (json.isMissingNode()) {
      mustAllowAnIdentity();
      return List.of();
    }
    if (!json.isArray() || json.isEmpty()) {
      throw problem.at(IDENTITY, json, "a list of columns");
    }
    List<String> names =
        StreamSupport.stream(json.spliterator(), false)
            .map(name -> column(IDENTITY, name))
            .toList();
    try {
      return IdentityFields.checked(names);
    } catch (IllegalArgumentException e) {
      throw problem.at(IDENTITY, json, "columns to compare: " + e.getMessage());
    }
  }

  private String column(String field, JsonNode name) {
    if (!name.isTextual()
        || EventSchema.columns().stream().noneMatch(c -> c.name().equals(name.textValue()))
        || !places.containsKey(EventSchema.indexOf(name.textValue()))) {
      throw problem.at(field, name, "a column that this mapping fills");
    }
    return name.textValue();
  }

  private void mustAllowAnIdentity() {
    boolean device = fills("device_id");
    if (!(device && fills("insert_id"))
        && !fills("uuid")
        && !(device && fills("event_id") && fills("client_event_time"))) {
      throw problem.at(
          IDENTITY,
          null,
          "a list of columns, because none of the usual kinds is filled: device and id; uuid;"
              + " device, event_id and client_event_time");
    }
  }

  private boolean fills(String column) {
    return places.containsKey(EventSchema.indexOf(column));
  }
}
