package io.nova.event.mapping;

import io.nova.event.EventFields;
import io.nova.event.row.EventSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The places of the columns' values in a producer's record: a mapping file, read and checked
 * (docs/reference/formats.md). Immutable; serialized as the file's text.
 */
public final class Mapping implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The mappings that come with Nova, by name. */
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

  private final String name;
  private final String text;
  private final transient MappingFile.Content content;

  private Mapping(String name, String text) {
    this.name = name;
    this.text = text;
    this.content = MappingFile.read(name, text);
  }

  /** Amplitude's export record. */
  public static Mapping amplitude() {
    return Amplitude.MAPPING;
  }

  /**
   * A mapping that comes with Nova, by name, or else the mapping in a local file.
   *
   * @throws IllegalArgumentException where there is neither, or where the file has an error. It
   *     names file, field, what was found and what was expected
   */
  public static Mapping of(String nameOrFile) {
    return SHIPPED.contains(nameOrFile)
        ? parse(nameOrFile, shipped(nameOrFile))
        : parse(nameOrFile, file(nameOrFile));
  }

  /**
   * The mapping that a text describes.
   *
   * @param name its name in errors
   * @throws IllegalArgumentException as {@link #of(String)}
   */
  public static Mapping parse(String name, String text) {
    return new Mapping(name, text);
  }

  private static String shipped(String name) {
    String resource = "/io/nova/mappings/" + name + ".json";
    try (InputStream in = Mapping.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + resource + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          ("Mapping %s: found bytes that are not UTF-8, expected a JSON file in UTF-8. The mapping"
                  + " is not used.")
              .formatted(file),
          e);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw new IllegalArgumentException(
          ("Mapping %s: found no such file that can be read (%s), expected one of %s or a "
                  + "JSON file")
              .formatted(file, e, SHIPPED),
          e);
    }
  }

  /** The name by which it was asked for. */
  public String name() {
    return name;
  }

  /** The columns that make the identity where no policy names any; empty for the built-in kinds. */
  public List<String> identity() {
    return content.identity();
  }

  /**
   * The keys that lead to the array whose elements are the records of a message. None of them: the
   * message itself is the array. Empty: a message is one record.
   */
  public Optional<List<String>> each() {
    return content.each();
  }

  /** The message around its elements, as the root of the pointers into it. */
  public PathNode envelope() {
    return content.envelope();
  }

  /** The columns that may take their value from the envelope. */
  public List<Integer> envelopeColumns() {
    return content.ofEnvelope();
  }

  /** The record itself, as the root of all pointers into it. */
  public PathNode root() {
    return content.root();
  }

  /** The number of nodes, with the root. */
  public int nodes() {
    return content.nodes();
  }

  /** Whether a column has several pointers. */
  public boolean alternatives() {
    return content.alternatives();
  }

  /** Sets the columns that have the same value in every record. */
  public void setConstants(EventFields fields) {
    for (MappingFile.Constant constant : content.constants()) {
      fields.set(constant.column(), constant.value());
    }
  }

  /** A column as the mapping file names it, with its pointers: {@code id (/messageId)}. */
  public String place(int column) {
    return content
        .places()
        .getOrDefault(column, EventSchema.columns().get(column).name() + " (not in the mapping)");
  }

  /** The values that fit a column, in words. */
  public String expected(int column) {
    String expected = content.expected().get(column);
    return expected == null ? "nothing" : expected;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Mapping mapping && text.equals(mapping.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }

  @Serial
  private Object readResolve() {
    return new Mapping(name, text);
  }

  /** Loads the mapping at its first use. */
  private static final class Amplitude {
    static final Mapping MAPPING = of("amplitude");
  }
}
