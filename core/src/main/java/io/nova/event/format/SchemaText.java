package io.nova.event.format;

import java.util.List;

/**
 * A schema as text, with the schemas that it refers to.
 *
 * @param format what it describes
 * @param name how other schemas import it; for Protobuf a file name such as {@code geo.proto}
 * @param text the schema: Avro's JSON, or a .proto file
 * @param references the schemas that it imports
 */
public record SchemaText(
    ValueFormat format, String name, String text, List<SchemaText> references) {
  /** Copies the list. */
  public SchemaText {
    references = List.copyOf(references);
  }

  /**
   * Parses the schema.
   *
   * @throws IllegalArgumentException where the text is no schema of its format; it says why
   */
  public ValueSchema parsed() {
    return switch (format) {
      case AVRO -> AvroJson.of(this);
      case PROTOBUF -> ProtobufJson.of(this);
      case JSON ->
          throw new IllegalArgumentException("JSON needs no schema, expected Avro or Protobuf");
    };
  }
}
