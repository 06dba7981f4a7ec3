package io.nova.console.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the keys of one JSON object of a form. Every method throws {@link FormException} if the
 * value does not fit. For one thread.
 */
public final class FormReader {
  private static final int LONGEST_SHOWN = 60;

  private final JsonNode object;
  private final String path;
  private final Set<String> read = new HashSet<>();

  private FormReader(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * Reads an object, and refuses keys that the reader does not ask for.
   *
   * @param path the place of the object in the form, for messages
   */
  public static <T> T read(JsonNode object, String path, Function<FormReader, T> reader) {
    FormReader form = new FormReader(object, path);
    if (!object.isObject()) {
      throw FormException.at(form.path(), shown(object), "a JSON object");
    }
    T value = reader.apply(form);
    form.refuseOthers();
    return value;
  }

  private void refuseOthers() {
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!read.contains(key)) {
                throw FormException.at(
                    at(key),
                    "this key",
                    "one of " + String.join(", ", read.stream().sorted().toList()));
              }
            });
  }

  /** The place of a key, for messages. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The place of the object, for messages. */
  String path() {
    return path.isEmpty() ? "form" : path;
  }

  private Optional<JsonNode> value(String key) {
    read.add(key);
    return Optional.ofNullable(object.get(key)).filter(value -> !value.isNull());
  }

  private JsonNode required(String key, String expected) {
    return value(key).orElseThrow(() -> FormException.at(at(key), "nothing", expected));
  }

  /** The keys that have a value. */
  List<String> keys() {
    ArrayList<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** A text that is not empty. */
  String text(String key) {
    return text(required(key, "a text"), at(key));
  }

  /** A text that is not empty, or nothing. */
  Optional<String> optionalText(String key) {
    return value(key).map(value -> text(value, at(key)));
  }

  private static String text(JsonNode value, String path) {
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw FormException.at(path, shown(value), "a text that is not empty");
    }
    return wellFormed(value.textValue(), path);
  }

  private static String wellFormed(String text, String path) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int letter = text.codePointAt(i);
      if (letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE) {
        throw FormException.at(
            path, "half a surrogate pair at position " + i, "a text of Unicode letters");
      }
    }
    return text;
  }

  /** A list of texts; empty without a value. Numbers and booleans count as their text. */
  List<String> texts(String key) {
    return elements(key).map(each -> scalar(each, at(key))).distinct().toList();
  }

  /**
   * A list of texts that are not empty; empty without the key. A list without elements and {@code
   * null} are refused, where a list that is missing means everything.
   */
  public List<String> textsUnlessMissing(String key) {
    read.add(key);
    JsonNode list = object.get(key);
    if (list == null) {
      return List.of();
    }
    if (!list.isArray() || list.isEmpty()) {
      throw FormException.at(at(key), shown(list), "a list of one text or more");
    }
    return list.valueStream().map(each -> text(each, at(key))).distinct().toList();
  }

  /** A boolean; {@code preset} without the key. */
  public boolean flag(String key, boolean preset) {
    read.add(key);
    JsonNode value = object.get(key);
    if (value == null) {
      return preset;
    }
    if (!value.isBoolean()) {
      throw FormException.at(at(key), shown(value), "true or false");
    }
    return value.booleanValue();
  }

  private static String scalar(JsonNode value, String path) {
    if (!value.isValueNode() || value.isNull()) {
      throw FormException.at(path, shown(value), "a list of texts");
    }
    return wellFormed(value.asText(), path);
  }

  private Stream<JsonNode> elements(String key) {
    JsonNode list = value(key).orElse(null);
    if (list == null) {
      return Stream.empty();
    }
    if (!list.isArray()) {
      throw FormException.at(at(key), shown(list), "a list");
    }
    return list.valueStream();
  }

  /** An object, or nothing. */
  <T> Optional<T> optionalObject(String key, Function<FormReader, T> reader) {
    return value(key).map(value -> read(value, at(key), reader));
  }

  /** An object. */
  <T> T object(String key, Function<FormReader, T> reader) {
    return read(required(key, "a JSON object"), at(key), reader);
  }

  /** A list of objects; empty without a value. */
  <T> List<T> objects(String key, Function<FormReader, T> reader) {
    List<JsonNode> list = elements(key).toList();
    return IntStream.range(0, list.size())
        .mapToObj(i -> read(list.get(i), "%s[%d]".formatted(at(key), i), reader))
        .toList();
  }

  /** A point in time, or nothing. */
  public Optional<Instant> optionalInstant(String key) {
    return optionalText(key).map(text -> instant(text, at(key)));
  }

  private static Instant instant(String text, String path) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw FormException.at(
          path, "\"%s\"".formatted(cut(text)), "a time in UTC such as 2026-11-21T10:00:00Z");
    }
  }

  /** A whole number within bounds. */
  int number(String key, int preset, int least, int greatest) {
    JsonNode value = value(key).orElse(null);
    if (value == null) {
      return preset;
    }
    if (!value.isInt() || value.intValue() < least || value.intValue() > greatest) {
      throw FormException.at(
          at(key), shown(value), "a whole number from %d to %d".formatted(least, greatest));
    }
    return value.intValue();
  }

  /** One of several words. */
  <T> T choice(String key, List<T> choices, Function<T, String> word) {
    return optionalChoice(key, choices, word)
        .orElseThrow(() -> FormException.at(at(key), "nothing", words(choices, word)));
  }

  /** One of several words, or nothing. */
  <T> Optional<T> optionalChoice(String key, List<T> choices, Function<T, String> word) {
    return value(key)
        .map(
            value ->
                choices.stream()
                    .filter(choice -> word.apply(choice).equals(value.textValue()))
                    .findFirst()
                    .orElseThrow(
                        () -> FormException.at(at(key), shown(value), words(choices, word))));
  }

  private static <T> String words(List<T> choices, Function<T, String> word) {
    return "one of " + String.join(", ", choices.stream().map(word).toList());
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "nothing" : cut(value.toString());
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN)) + "…";
  }
}
