package io.nova.kafka.value;

import org.jspecify.annotations.Nullable;

/** Values that are JSON already. */
final class JsonValues implements ValueDecoder {
  @Override
  public byte @Nullable [] json(byte @Nullable [] value) {
    return value;
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
