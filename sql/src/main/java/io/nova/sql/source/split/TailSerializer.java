package io.nova.sql.source.split;

import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** The stored form of a {@link Tail}, as {@link ScanSplitSerializer} describes it. */
final class TailSerializer {
  private TailSerializer() {}

  static void write(Tail tail, DataOutputView out) throws IOException {
    out.writeBoolean(tail.snapshotId().isPresent());
    if (tail.snapshotId().isPresent()) {
      out.writeLong(tail.snapshotId().get());
    }
    out.writeBoolean(tail.checkpoint().isPresent());
    if (tail.checkpoint().isPresent()) {
      out.writeUTF(tail.checkpoint().get().generation());
      out.writeLong(tail.checkpoint().get().id());
    }
    write(tail.shownTo(), out);
    write(tail.begunTo(), out);
    out.writeInt(tail.begun().size());
    for (Map.Entry<Integer, Roaring64Bitmap> one : new TreeMap<>(tail.begun()).entrySet()) {
      DataOutputSerializer offsets = new DataOutputSerializer(1024);
      one.getValue().serialize(offsets);
      out.writeInt(one.getKey());
      out.writeInt(offsets.length());
      out.write(offsets.getSharedBuffer(), 0, offsets.length());
    }
  }

  private static void write(Map<Integer, Long> offsets, DataOutputView out) throws IOException {
    out.writeInt(offsets.size());
    for (Map.Entry<Integer, Long> one : new TreeMap<>(offsets).entrySet()) {
      out.writeInt(one.getKey());
      out.writeLong(one.getValue());
    }
  }

  static Tail read(DataInputView in) throws IOException {
    Optional<Long> snapshotId =
        in.readBoolean() ? Optional.of(in.readLong()) : Optional.<Long>empty();
    Optional<RunCheckpoint> checkpoint =
        in.readBoolean()
            ? Optional.of(new RunCheckpoint(in.readUTF(), in.readLong()))
            : Optional.<RunCheckpoint>empty();
    Map<Integer, Long> shownTo = readOffsets(in);
    Map<Integer, Long> begunTo = readOffsets(in);
    TreeMap<Integer, Roaring64Bitmap> begun = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      int partition = in.readInt();
      int length = in.readInt();
      Roaring64Bitmap offsets = new Roaring64Bitmap();
      offsets.deserialize(in);
      if (offsets.serializedSizeInBytes() != length) {
        throw new IOException(
            "Stored tail of a query: offsets of partition %s in %s bytes, expected %s"
                .formatted(partition, offsets.serializedSizeInBytes(), length));
      }
      begun.put(partition, offsets);
    }
    return new Tail(snapshotId, checkpoint, shownTo, begunTo, begun);
  }

  private static Map<Integer, Long> readOffsets(DataInputView in) throws IOException {
    TreeMap<Integer, Long> offsets = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      offsets.put(in.readInt(), in.readLong());
    }
    return offsets;
  }
}
