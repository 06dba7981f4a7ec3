package io.nova.event.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Makes the errors of a mapping file: file, field, found, expected. */
final class MappingProblem {
  private static final int SHOWN = 200;

  private final String file;

  MappingProblem(String file) {
    this.file = file;
  }

  /** A field has a wrong value. */
  IllegalArgumentException at(String field, @Nullable JsonNode found, String expected) {
    String text = found == null || found.isMissingNode() ? "nothing" : shortened(found.toString());
    String where = field.isEmpty() ? "" : ", field " + field;
    return new IllegalArgumentException(
        "Mapping %s%s: found %s, expected %s".formatted(file, where, text, expected));
  }

  /** The text is not JSON. */
  IllegalArgumentException notJson(JsonProcessingException e) {
    String place =
        e.getLocation() == null
            ? ""
            : " (line %s, column %s)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new IllegalArgumentException(
        "Mapping %s: found no JSON: %s%s, expected one JSON object"
            .formatted(file, e.getOriginalMessage(), place),
        e);
  }

  /** Throws at unknown keys, which would otherwise be silent mistakes. */
  void checkKeys(String field, JsonNode object, Collection<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new IllegalArgumentException(
                    "Mapping %s%s: found the key \"%s\", expected one of %s"
                        .formatted(
                            file,
                            field.isEmpty() ? "" : ", field " + field,
                            shortened(key),
                            String.join(", ", known)));
              }
            });
  }

  private static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
