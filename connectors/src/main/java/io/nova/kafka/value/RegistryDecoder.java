package io.nova.kafka.value;

import io.nova.event.format.UndecodableException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Values that begin with the id of their schema: a zero byte and four bytes of the id, most
 * significant first. That is Confluent's wire format.
 */
final class RegistryDecoder implements ValueDecoder {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 5;

  private final SchemaCache schemas;

  /** A decoder that owns its schemas. */
  RegistryDecoder(SchemaCache schemas) {
    this.schemas = schemas;
  }

  @Override
  public byte @Nullable [] json(byte @Nullable [] value) throws UndecodableException {
    if (value == null || value.length == 0) {
      return value;
    }
    if (!hasHeader(value)) {
      throw new UndecodableException(
          "the value begins with %s, expected 00 and the id of a schema in four bytes"
              .formatted(HexFormat.of().formatHex(value, 0, Math.min(HEADER_BYTES, value.length))));
    }
    int id = id(value);
    if (id < 0) {
      throw new UndecodableException(
          "schema %s: found a negative id, which no registry gives".formatted(id));
    }
    return schemas.get(id).json(value, HEADER_BYTES);
  }

  @Override
  public void prepare(byte[] value) {
    if (hasHeader(value) && id(value) >= 0) {
      schemas.load(id(value));
    }
  }

  private static boolean hasHeader(byte[] value) {
    return value.length >= HEADER_BYTES && value[0] == MAGIC;
  }

  private static int id(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }

  @Override
  public boolean registryAway() {
    return schemas.registryAway();
  }

  @Override
  public void close() {
    schemas.close();
  }
}
