package io.nova.judge.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A mapping file (docs/reference/formats.md), read with the judge's own code. Immutable.
 *
 * @param name the name or file by which it was loaded
 * @param isExport whether it is Amplitude's, in which every key has its own column
 * @param each the pointer to the array whose elements are the records of a message; empty where a
 *     message is one record
 * @param columns where the records have the columns' values
 * @param identity the columns of the identity, in order; empty for Amplitude's three kinds
 */
public record RecordMapping(
    String name,
    boolean isExport,
    Optional<String> each,
    List<MappedColumn> columns,
    List<ExportKey> identity) {
  /** The mappings that come with Nova. */
  public static final List<String> SHIPPED =
      List.of(
          "amplitude",
          "amplitude-http",
          "amplitude-http-batch",
          "cloudevents",
          "ga4",
          "github",
          "posthog",
          "posthog-batch",
          "rudderstack",
          "rudderstack-batch",
          "segment",
          "segment-batch",
          "snowplow");

  private static final Map<String, String> FIELDS =
      Map.of(
          "app", "app",
          "user", "user_id",
          "device", "device_id",
          "type", "event_type",
          "upload_time", "server_upload_time",
          "event_time", "event_time",
          "id", "insert_id",
          "properties", "event_properties");

  /** The mapping of Amplitude's export record. */
  public static final RecordMapping AMPLITUDE = of("amplitude");

  /** Keeps copies. */
  public RecordMapping {
    columns = List.copyOf(columns);
    identity = List.copyOf(identity);
  }

  /**
   * A mapping that comes with Nova, by its name, else a mapping file.
   *
   * @throws IllegalArgumentException when there is neither, or the file is not a mapping
   */
  public static RecordMapping of(String nameOrFile) {
    String text = SHIPPED.contains(nameOrFile) ? shipped(nameOrFile) : file(nameOrFile);
    try {
      JsonNode file = new ObjectMapper().readTree(text);
      check(nameOrFile, file);
      List<MappedColumn> columns = columns(nameOrFile, file);
      return new RecordMapping(
          nameOrFile,
          nameOrFile.equals("amplitude"),
          Optional.ofNullable(file.path("each").textValue()),
          columns,
          identity(nameOrFile, file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Mapping %s: found no JSON: %s".formatted(nameOrFile, e.getOriginalMessage()), e);
    }
  }

  private static void check(String name, JsonNode file) {
    if (!file.isObject() || file.path("version").asInt() != 1) {
      throw new IllegalArgumentException(
          "Mapping %s, field version: found %s, expected 1."
              .formatted(name, file.path("version").toString()));
    }
    TreeSet<String> known = new TreeSet<>(FIELDS.keySet());
    known.addAll(List.of("version", "description", "columns", "identity", "each"));
    MappedColumn.checkKeys(name, "", file, known);
  }

  private static String shipped(String name) {
    String resource = "/io/nova/mappings/" + name + ".json";
    try (InputStream in = RecordMapping.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + resource + " is not in the jar.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String file) {
    try {
      byte[] content = Files.readAllBytes(Path.of(file));
      String text = new String(content, StandardCharsets.UTF_8);
      // UTF-16 and UTF-32 have zeros in each JSON text.
      if (text.indexOf('\0') >= 0
          || !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), content)) {
        throw new IllegalArgumentException(
            "Mapping %s: found text that is not UTF-8, expected UTF-8. Save the file in UTF-8."
                .formatted(file));
      }
      return text;
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "Mapping %s: found no such file, expected one of %s or a mapping file."
              .formatted(file, SHIPPED),
          e);
    }
  }

  private static List<MappedColumn> columns(String name, JsonNode file) {
    LinkedHashMap<String, JsonNode> places = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : file.properties()) {
      if (FIELDS.containsKey(entry.getKey())) {
        places.put(entry.getKey(), entry.getValue());
      }
    }
    file.path("columns")
        .properties()
        .forEach(e -> places.put("columns." + e.getKey(), e.getValue()));
    if (!places.containsKey("app") || !places.containsKey("upload_time")) {
      throw new IllegalArgumentException(
          "Mapping %s: found only the fields %s, expected app and upload_time at least."
              .formatted(name, places.keySet()));
    }
    ArrayList<MappedColumn> columns = new ArrayList<>();
    places.forEach(
        (field, place) -> {
          String column = FIELDS.getOrDefault(field, field.replace("columns.", ""));
          columns.add(MappedColumn.of(name, field, key(name, field, column), place));
        });
    return columns;
  }

  private static List<ExportKey> identity(String name, JsonNode file) {
    ArrayList<ExportKey> keys = new ArrayList<>();
    file.path("identity").forEach(column -> keys.add(key(name, "identity", column.asText())));
    keys.sort(Comparator.comparing(ExportKey::place));
    return keys;
  }

  private static ExportKey key(String name, String field, String column) {
    return ExportKeys.ALL.stream()
        .filter(key -> key.column().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Mapping %s, field %s: found \"%s\", expected a column of the export record."
                        .formatted(name, field, column)));
  }

  /** Where records have the value of a column; empty when the mapping does not fill it. */
  Optional<MappedColumn> column(ExportKey key) {
    return columns.stream().filter(column -> column.key().equals(key)).findFirst();
  }
}
