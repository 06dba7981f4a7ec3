package io.nova.sql.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The stored form of splits, version 1: how many, and of each how many rows are done. */
final class SystemSplitSerializer implements SimpleVersionedSerializer<Collection<SystemSplit>> {
  private final SystemRows rows;

  /** For splits with these rows. */
  SystemSplitSerializer(SystemRows rows) {
    this.rows = rows;
  }

  /** The same for single splits. */
  SimpleVersionedSerializer<SystemSplit> ofOne() {
    return new SimpleVersionedSerializer<>() {
      @Override
      public int getVersion() {
        return SystemSplitSerializer.this.getVersion();
      }

      @Override
      public byte[] serialize(SystemSplit split) throws IOException {
        return SystemSplitSerializer.this.serialize(List.of(split));
      }

      @Override
      public SystemSplit deserialize(int version, byte[] bytes) throws IOException {
        return SystemSplitSerializer.this.deserialize(version, bytes).iterator().next();
      }
    };
  }

  @Override
  public int getVersion() {
    return 1;
  }

  @Override
  public byte[] serialize(Collection<SystemSplit> splits) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(8);
    out.writeInt(splits.size());
    for (SystemSplit split : splits) {
      out.writeInt(split.done());
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public Collection<SystemSplit> deserialize(int version, byte[] bytes) throws IOException {
    if (version != 1) {
      throw new IOException(
          "Stored split of a system table: found version "
              + version
              + ", expected 1. Start the query again.");
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int count = in.readInt();
    ArrayList<SystemSplit> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      splits.add(new SystemSplit(rows, in.readInt()));
    }
    return splits;
  }
}
