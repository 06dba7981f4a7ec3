package io.nova.kafka.value;

import io.nova.event.format.SchemaText;
import io.nova.event.format.ValueFormat;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * The format of the messages' values, and where their schemas are. Serialized with the job graph,
 * so schemas are texts.
 *
 * @param format the format
 * @param schema the schema of all messages; empty where each message names its own, and for JSON
 * @param registryUrl the schema registry, such as {@code https://registry:8081}; empty without one
 * @param registryAuthorization the value of the HTTP header Authorization; empty for none
 */
public record ValueSettings(
    ValueFormat format, String schema, String registryUrl, String registryAuthorization)
    implements Serializable {
  /** Messages are JSON. */
  public static final ValueSettings JSON = new ValueSettings(ValueFormat.JSON, "", "", "");

  @Serial private static final long serialVersionUID = 1;

  /** Messages are Avro of one schema, without a header. */
  public static ValueSettings avro(String schema) {
    return new ValueSettings(ValueFormat.AVRO, schema, "", "");
  }

  /** Messages name their schema by its id in a registry. */
  public static ValueSettings registry(ValueFormat format, String url, String authorization) {
    return new ValueSettings(format, "", url, authorization);
  }

  /** The secret is not shown. */
  @Override
  public String toString() {
    return format.wireName() + (registryUrl.isEmpty() ? "" : " of " + registryUrl);
  }

  /**
   * Makes a decoder, which the caller owns and closes.
   *
   * @throws IllegalArgumentException where the schema is none
   */
  public ValueDecoder open() {
    if (format == ValueFormat.JSON) {
      return new JsonValues();
    }
    return registryUrl.isEmpty()
        ? new OneSchemaDecoder(new SchemaText(format, "", schema, List.of()).parsed())
        : new RegistryDecoder(
            new SchemaCache(new HttpSchemaRegistry(registryUrl, registryAuthorization), format));
  }
}
