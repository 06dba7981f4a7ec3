package io.nova.sql.source.split;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Serializes a split as {@link SplitJson} describes. */
public final class ScanSplitSerializer implements SimpleVersionedSerializer<ScanSplit> {
  @Override
  public int getVersion() {
    return SplitJson.VERSION;
  }

  @Override
  public byte[] serialize(ScanSplit split) throws IOException {
    return SplitJson.write(split);
  }

  @Override
  public ScanSplit deserialize(int version, byte[] bytes) throws IOException {
    return SplitJson.read(version, bytes, ScanSplit.class);
  }
}
