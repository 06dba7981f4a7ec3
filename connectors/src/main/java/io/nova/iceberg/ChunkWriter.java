package io.nova.iceberg;

import io.nova.event.row.RowCursor;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A writer that merges block files and small chunks into a chunk: Parquet with Iceberg's field ids,
 * zstd and statistics. Rows are sorted by app, event type and event time within runs that fit in
 * memory.
 *
 * <p>Memory: two to three times the bytes of a run, since its array doubles when it grows and each
 * row has a key object, and in addition Parquet's own buffers: the pages of a run, compressed, and
 * dictionaries with at most the strings of a run. Not thread safe.
 */
public final class ChunkWriter {
  private final Configuration hadoop;
  private final String folder;
  private final int runBytes;
  private final SortRun run = new SortRun();

  /**
   * A writer for one table.
   *
   * @param folder the table's data folder
   * @param runBytes bytes of rows that are sorted together
   */
  public ChunkWriter(Configuration hadoop, String folder, int runBytes) {
    this.hadoop = hadoop;
    this.folder = folder;
    this.runBytes = runBytes;
  }

  /** Merges block files of one batch. */
  public Chunk merge(long batchNumber, List<BlockFile> files) {
    return merge(batchNumber, files, List.of());
  }

  /**
   * Merges files of one batch, one after the other. If that fails, the chunk is deleted.
   *
   * @return the closed chunk, which does not wait for another merge
   * @throws UncheckedIOException if a file cannot be read or the chunk cannot be written
   */
  public Chunk merge(long batchNumber, List<BlockFile> files, List<SmallChunk> chunks) {
    Path path =
        new Path(
            folder + "/batch_number=" + batchNumber + "/chunk-" + UUID.randomUUID() + ".parquet");
    run.clear();
    long rows =
        files.stream().mapToLong(BlockFile::rows).sum()
            + chunks.stream().mapToLong(SmallChunk::rows).sum();
    try {
      String digest = write(path, files, chunks);
      long size = path.getFileSystem(hadoop).getFileStatus(path).getLen();
      return new Chunk(path.toString(), size, rows, batchNumber, digest, false, files, chunks);
    } catch (IOException e) {
      Leftovers.delete(hadoop, path, e);
      throw new UncheckedIOException("Chunk " + path + " could not be written", e);
    } catch (RuntimeException | Error e) {
      Leftovers.delete(hadoop, path, e);
      throw e;
    }
  }

  private String write(Path path, List<BlockFile> files, List<SmallChunk> chunks)
      throws IOException {
    try (ChunkFile chunk = new ChunkFile(hadoop, path)) {
      ChunkReader chunkReader = new ChunkReader(hadoop);
      chunks.forEach(one -> chunkReader.read(one, row -> add(row, chunk)));
      BlockFileReader reader = new BlockFileReader(hadoop);
      files.forEach(file -> reader.read(file, row -> add(row, chunk)));
      drain(chunk);
      chunk.end();
      return chunk.digest().hex();
    }
  }

  private void add(RowCursor row, ChunkFile chunk) throws IOException {
    if (run.sizeBytes() + row.sizeBytes() > runBytes) {
      drain(chunk);
    }
    run.add(row);
  }

  private void drain(ChunkFile chunk) throws IOException {
    chunk.write(run);
    run.clear();
  }
}
