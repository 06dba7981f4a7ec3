package io.nova.sql.system;

import io.nova.sql.source.split.SplitJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Serializes splits of one system table as {@link SplitJson} describes: an array with the number of
 * rows done in each split.
 */
final class SystemSplitSerializer implements SimpleVersionedSerializer<Collection<SystemSplit>> {
  private final SystemRows rows;

  /** A serializer of splits with these rows. */
  SystemSplitSerializer(SystemRows rows) {
    this.rows = rows;
  }

  /** The serializer of single splits, in the same form. */
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
    return SplitJson.VERSION;
  }

  @Override
  public byte[] serialize(Collection<SystemSplit> splits) throws IOException {
    return SplitJson.write(splits.stream().mapToInt(SystemSplit::done).toArray());
  }

  @Override
  public Collection<SystemSplit> deserialize(int version, byte[] bytes) throws IOException {
    return Arrays.stream(SplitJson.read(version, bytes, int[].class))
        .mapToObj(done -> new SystemSplit(rows, done))
        .toList();
  }
}
