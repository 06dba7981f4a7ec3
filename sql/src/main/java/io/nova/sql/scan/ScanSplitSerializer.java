package io.nova.sql.scan;

import java.io.IOException;
import java.util.ArrayList;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.iceberg.FileFormat;

/**
 * The stored form of a split, version 1: id, rows done, number of files; per file the path, the
 * format's name, and as 64-bit integers batch number, start, length, file size and file rows. Texts
 * as Java's modified UTF-8 with a two-byte length.
 */
final class ScanSplitSerializer implements SimpleVersionedSerializer<ScanSplit> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ScanSplit split) throws IOException {
    var out = new DataOutputSerializer(256);
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
          "Stored split of a query: found version "
              + version
              + ", expected "
              + VERSION
              + ". Start the query again.");
    }
  }

  static void write(ScanSplit split, DataOutputView out) throws IOException {
    out.writeUTF(split.id());
    out.writeLong(split.rowsDone());
    out.writeInt(split.files().size());
    for (var file : split.files()) {
      write(file, out);
    }
  }

  static ScanSplit read(DataInputView in) throws IOException {
    var id = in.readUTF();
    long rowsDone = in.readLong();
    int count = in.readInt();
    var files = new ArrayList<FileRange>(count);
    for (int i = 0; i < count; i++) {
      files.add(readFile(in));
    }
    return new ScanSplit(id, files, rowsDone);
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
}
