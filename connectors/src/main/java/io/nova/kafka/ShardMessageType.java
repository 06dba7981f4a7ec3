package io.nova.kafka;

import java.io.Serial;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Flink's description of {@link ShardMessage}, which names its serializer. */
public final class ShardMessageType extends TypeInformation<ShardMessage> {
  @Serial private static final long serialVersionUID = 1;

  /** Flink finds it by the annotation of {@link ShardMessage}. */
  public static final class Factory extends TypeInfoFactory<ShardMessage> {
    public Factory() {}

    @Override
    public TypeInformation<ShardMessage> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new ShardMessageType();
    }
  }

  @Override
  public TypeSerializer<ShardMessage> createSerializer(SerializerConfig config) {
    return ShardMessageSerializer.INSTANCE;
  }

  @Override
  public Class<ShardMessage> getTypeClass() {
    return ShardMessage.class;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public boolean canEqual(@Nullable Object other) {
    return other instanceof ShardMessageType;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return canEqual(other);
  }

  @Override
  public int hashCode() {
    return ShardMessageType.class.hashCode();
  }

  @Override
  public String toString() {
    return ShardMessage.class.getSimpleName();
  }
}
