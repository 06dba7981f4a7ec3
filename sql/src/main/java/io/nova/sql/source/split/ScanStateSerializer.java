package io.nova.sql.source.split;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Serializes the enumerator's state as {@link SplitJson} describes. */
public final class ScanStateSerializer implements SimpleVersionedSerializer<ScanState> {
  @Override
  public int getVersion() {
    return SplitJson.VERSION;
  }

  @Override
  public byte[] serialize(ScanState state) throws IOException {
    return SplitJson.write(state);
  }

  @Override
  public ScanState deserialize(int version, byte[] bytes) throws IOException {
    return SplitJson.read(version, bytes, ScanState.class);
  }
}
