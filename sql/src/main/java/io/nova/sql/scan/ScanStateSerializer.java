package io.nova.sql.scan;

import java.io.IOException;
import java.util.ArrayList;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The stored form of {@link ScanState}: planned, number of splits, the splits; their version. */
final class ScanStateSerializer implements SimpleVersionedSerializer<ScanState> {

  @Override
  public int getVersion() {
    return new ScanSplitSerializer().getVersion();
  }

  @Override
  public byte[] serialize(ScanState state) throws IOException {
    var out = new DataOutputSerializer(1024);
    out.writeBoolean(state.planned());
    out.writeInt(state.splits().size());
    for (var split : state.splits()) {
      ScanSplitSerializer.write(split, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ScanState deserialize(int version, byte[] bytes) throws IOException {
    ScanSplitSerializer.requireVersion(version);
    var in = new DataInputDeserializer(bytes);
    boolean planned = in.readBoolean();
    int count = in.readInt();
    var splits = new ArrayList<ScanSplit>(count);
    for (int i = 0; i < count; i++) {
      splits.add(ScanSplitSerializer.read(in));
    }
    return new ScanState(planned, splits);
  }
}
