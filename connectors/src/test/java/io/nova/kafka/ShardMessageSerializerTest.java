package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ShardMessageSerializerTest {
  private static ShardMessage crossed(ShardMessage message) throws IOException {
    TypeSerializer<ShardMessage> serializer =
        TypeInformation.of(ShardMessage.class).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(message, out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    ShardMessage copy = serializer.deserialize(in);
    assertThat(in.available()).as("bytes that are left").isZero();
    return copy;
  }

  private static void assertCrosses(ShardMessage message) throws IOException {
    assertThat(crossed(message))
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(message);
  }

  /** An event each of whose fields has another value than a new one. */
  private static Offer filled() throws IllegalAccessException {
    Offer offer = new Offer();
    List<String> unknown = new ArrayList<>();
    long number = 1L << 40;
    for (Field field : Offer.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      number++;
      switch (field.getType().getSimpleName()) {
        case "long" -> field.setLong(offer, number);
        case "int" -> field.setInt(offer, (int) number);
        case "boolean" -> field.setBoolean(offer, true);
        case "String" -> field.set(offer, "\u00e9 " + number);
        case "byte[]" -> field.set(offer, new byte[] {(byte) number, 0, -1});
        case "ConflictRule" -> field.set(offer, ConflictRule.REJECT);
        default -> unknown.add(field.getName());
      }
    }
    assertThat(unknown).as("fields of a type that this test does not fill").isEmpty();
    return offer;
  }

  @Test
  void everyFieldOfAnEventCrosses() throws Exception {
    assertCrosses(ShardMessage.of(7, filled()));
  }

  @Test
  void eventWithItsDefaultsCrosses() throws Exception {
    assertCrosses(ShardMessage.of(0, new Offer()));
  }

  @Test
  void otherMessagesCross() throws Exception {
    assertCrosses(ShardMessage.of(1, PartitionProgress.of(3, 5L << 50, 1L << 41)));
    assertCrosses(ShardMessage.of(2, "generation"));
    assertCrosses(ShardMessage.closeUpTo(127, 20514));
  }

  @Test
  void emptyMessageIsRefused() {
    assertThatThrownBy(() -> crossed(new ShardMessage()))
        .hasMessageContaining("shard 0: found nothing in it");
  }
}
