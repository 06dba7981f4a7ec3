package io.nova.sql.source.split;

import io.nova.live.protocol.Announcement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.iceberg.FileFormat;

/**
 * The stored form of a split. Version 1: id, read token as text with a four-byte length in UTF-8,
 * rows done, number of parts; each part begins with its kind. Kind 0, part of a file: path, the
 * format's name, and as 64-bit integers batch number, start, length, file size and file rows. Kind
 * 1, part of a live view: generation, subtask, attempt, host, port, whether TLS, token, lease,
 * number of shards and these as 32-bit integers, rows as a 64-bit integer. Kind 2, the tail of a
 * query that follows: whether there is a snapshot and its id as a 64-bit integer, whether there is
 * a checkpoint, its generation and its id as a 64-bit integer, two maps of partitions to offsets
 * (number of entries, then 32 and 64 bits each), and the offsets shown by partition (number of
 * entries, then the partition in 32 bits, a four-byte length and a {@link
 * org.roaringbitmap.longlong.Roaring64Bitmap} as it writes itself). Texts are in Java's modified
 * UTF-8 with a two-byte length but for the token.
 */
public final class ScanSplitSerializer implements SimpleVersionedSerializer<ScanSplit> {
  static final int VERSION = 1;
  private static final int FILE = 0;
  private static final int LIVE = 1;
  private static final int TAIL = 2;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ScanSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public ScanSplit deserialize(int version, byte[] bytes) throws IOException {
    requireVersion(version);
    return read(new DataInputDeserializer(bytes));
  }

  static void requireVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "Stored split of a query: found version %s, expected %s. Start the query again."
              .formatted(version, VERSION));
    }
  }

  static void write(ScanSplit split, DataOutputView out) throws IOException {
    out.writeUTF(split.id());
    LongText.write(split.token(), out);
    out.writeLong(split.rowsDone());
    out.writeInt(split.parts().size());
    for (SplitPart part : split.parts()) {
      if (part instanceof FileRange file) {
        out.writeByte(FILE);
        write(file, out);
      } else if (part instanceof LiveRange live) {
        out.writeByte(LIVE);
        write(live, out);
      } else if (part instanceof Tail tail) {
        out.writeByte(TAIL);
        TailSerializer.write(tail, out);
      }
    }
  }

  static ScanSplit read(DataInputView in) throws IOException {
    String id = in.readUTF();
    String token = LongText.read(in);
    long rowsDone = in.readLong();
    int count = in.readInt();
    ArrayList<SplitPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = in.readByte();
      parts.add(
          switch (kind) {
            case FILE -> readFile(in);
            case LIVE -> readLive(in);
            case TAIL -> TailSerializer.read(in);
            default -> throw new IOException("Stored split of a query: a part of kind " + kind);
          });
    }
    return new ScanSplit(id, token, parts, rowsDone);
  }

  private static void write(FileRange file, DataOutputView out) throws IOException {
    out.writeUTF(file.path());
    out.writeUTF(file.format().name());
    out.writeLong(file.batchNumber());
    out.writeLong(file.start());
    out.writeLong(file.length());
    out.writeLong(file.fileSizeBytes());
    out.writeLong(file.fileRows());
  }

  private static FileRange readFile(DataInputView in) throws IOException {
    return new FileRange(
        in.readUTF(),
        FileFormat.fromString(in.readUTF()),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  private static void write(LiveRange live, DataOutputView out) throws IOException {
    Announcement subtask = live.subtask();
    out.writeUTF(subtask.generation());
    out.writeInt(subtask.subtask());
    out.writeInt(subtask.attempt());
    out.writeUTF(subtask.host());
    out.writeInt(subtask.port());
    out.writeBoolean(subtask.tls());
    out.writeUTF(subtask.token());
    out.writeUTF(live.lease());
    out.writeInt(live.shards().size());
    for (int shard : live.shards()) {
      out.writeInt(shard);
    }
    out.writeLong(live.rows());
  }

  private static LiveRange readLive(DataInputView in) throws IOException {
    Announcement subtask =
        new Announcement(
            Announcement.VERSION,
            in.readUTF(),
            in.readInt(),
            in.readInt(),
            in.readUTF(),
            in.readInt(),
            in.readBoolean(),
            in.readUTF(),
            false,
            List.of());
    String lease = in.readUTF();
    int count = in.readInt();
    ArrayList<Integer> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(in.readInt());
    }
    return new LiveRange(subtask, lease, shards, in.readLong());
  }
}
