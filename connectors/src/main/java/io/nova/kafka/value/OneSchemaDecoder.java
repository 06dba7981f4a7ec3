package io.nova.kafka.value;

import io.nova.event.format.UndecodableException;
import io.nova.event.format.ValueSchema;
import org.jspecify.annotations.Nullable;

/** Values that have the same schema, and no header. */
final class OneSchemaDecoder implements ValueDecoder {
  private final ValueSchema schema;

  OneSchemaDecoder(ValueSchema schema) {
    this.schema = schema;
  }

  @Override
  public byte @Nullable [] json(byte @Nullable [] value) throws UndecodableException {
    return value == null || value.length == 0 ? value : schema.json(value, 0);
  }

  @Override
  public void prepare(byte[] value) {}

  @Override
  public boolean registryAway() {
    return false;
  }

  @Override
  public void close() {}
}
