package io.nova.sql.source.split;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The stored form of {@link ScanState}, with the version of its splits: planned, whether a snapshot
 * was followed and which (64-bit integer), number of splits, the splits.
 */
public final class ScanStateSerializer implements SimpleVersionedSerializer<ScanState> {
  @Override
  public int getVersion() {
    return ScanSplitSerializer.VERSION;
  }

  @Override
  public byte[] serialize(ScanState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    out.writeBoolean(state.planned());
    out.writeBoolean(state.followed().isPresent());
    if (state.followed().isPresent()) {
      out.writeLong(state.followed().get());
    }
    out.writeInt(state.splits().size());
    for (ScanSplit split : state.splits()) {
      ScanSplitSerializer.write(split, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ScanState deserialize(int version, byte[] bytes) throws IOException {
    ScanSplitSerializer.requireVersion(version);
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    boolean planned = in.readBoolean();
    Optional<Long> followed =
        in.readBoolean() ? Optional.of(in.readLong()) : Optional.<Long>empty();
    int count = in.readInt();
    ArrayList<ScanSplit> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      splits.add(ScanSplitSerializer.read(in));
    }
    return new ScanState(planned, followed, splits);
  }
}
