package io.nova.bench;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of a row from block files to a chunk. The peer is Parquet's own writer of Avro records: it
 * neither sorts nor audits the rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgs = "-Xmx2g")
public class MergeBenchmark {
  private static final int ROWS = 300_000;
  private static final int RUN_BYTES = 32 << 20;

  private final Configuration hadoop = Storage.configuration();
  private java.nio.file.Path folder = java.nio.file.Path.of("");
  private List<BlockFile> files = List.of();

  /** The size of what was written. JMH shows the sum over the iterations. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Size {
    public double bytesPerRow;
  }

  /** Writes the block files. */
  @Setup
  public void writeBlockFiles() throws IOException {
    folder = Files.createTempDirectory("merge");
    files = GeneratedBlockFiles.write(hadoop, folder.toString(), ROWS);
  }

  /** Deletes all files. */
  @TearDown
  public void delete() throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
  }

  /** Nova's chunk. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Chunk novaMerge(Size size) {
    Chunk chunk =
        new ChunkWriter(hadoop, folder.toString(), RUN_BYTES)
            .merge(files.get(0).batchNumber(), files);
    size.bytesPerRow = (double) chunk.sizeBytes() / chunk.rows();
    return chunk;
  }

  /** Peer: Parquet's writer of Avro records, in the order of the block files. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long parquetAvroWriter(Size size) throws IOException {
    Path path = new Path(folder + "/peer-" + System.nanoTime() + ".parquet");
    try (ParquetWriter<GenericRecord> parquet =
        AvroParquetWriter.<GenericRecord>builder(HadoopOutputFile.fromPath(path, hadoop))
            .withSchema(EventSchema.avro())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      files.forEach(file -> copy(file, parquet));
    }
    long bytes = path.getFileSystem(hadoop).getFileStatus(path).getLen();
    size.bytesPerRow = (double) bytes / ROWS;
    return bytes;
  }

  private void copy(BlockFile file, ParquetWriter<GenericRecord> parquet) {
    Path path = new Path(file.path());
    try (InputStream in = path.getFileSystem(hadoop).open(path);
        DataFileStream<GenericRecord> rows = new DataFileStream<>(in, new GenericDatumReader<>())) {
      GenericRecord row = null;
      while (rows.hasNext()) {
        row = rows.next(row);
        parquet.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
