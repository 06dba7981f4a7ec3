package io.nova.kafka.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The stored form of a partition in a checkpoint: topic (UTF), partition (i32), offset (i64) and
 * the topic's id (i64, i64). Version 1.
 *
 * <p>Version 0 is the form of Flink's connector, which has no id. The id is unknown then.
 */
public final class TopicSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {
  private static final int VERSION = 1;
  private static final int WITHOUT_ID = 0;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(KafkaPartitionSplit split) throws IOException {
    Uuid id = TopicSplit.topicId(split);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(split.getTopic());
      out.writeInt(split.getPartition());
      out.writeLong(split.getStartingOffset());
      out.writeLong(id.getMostSignificantBits());
      out.writeLong(id.getLeastSignificantBits());
    }
    return bytes.toByteArray();
  }

  @Override
  public KafkaPartitionSplit deserialize(int version, byte[] stored) throws IOException {
    if (version == WITHOUT_ID) {
      return new KafkaPartitionSplitSerializer().deserialize(version, stored);
    }
    if (version != VERSION) {
      throw new IOException(
          "Kafka partition in the state: version %d found, %d expected. A newer Nova wrote it: restore with that one."
              .formatted(version, VERSION));
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
      TopicPartition partition = new TopicPartition(in.readUTF(), in.readInt());
      return new TopicSplit(partition, in.readLong(), new Uuid(in.readLong(), in.readLong()));
    }
  }
}
