package io.nova.simulation;

import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.Link;
import io.nova.shard.BlockFile;
import io.nova.shard.SealedBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** The data files of a simulated job, and the messages that each was written with. */
final class SimulatedFiles {
  private static final int RUN_BYTES = 2000;

  private final Measures measures;
  private final Rows rows;
  private final TableContent content;
  private final BlockFileWriter blockFiles;
  private final ChunkWriter chunks;
  private final Map<String, List<SimulatedMessage>> messagesByFile = new HashMap<>();

  SimulatedFiles(Measures measures, Rows rows, TableContent content, EventTable table) {
    this.measures = measures;
    this.rows = rows;
    this.content = content;
    Configuration hadoop = Storage.configuration();
    this.blockFiles = new BlockFileWriter(hadoop, table.dataFolder(), measures.rules());
    this.chunks = new ChunkWriter(hadoop, table.dataFolder(), RUN_BYTES);
  }

  /** Writes the sealed blocks of an interval. */
  BlockFile write(long interval, List<SealedBlock> blocks) {
    long batch = measures.table().batchOf(measures.rules().startMicros(interval));
    BlockFile file = blockFiles.write(interval, batch, blocks);
    List<SimulatedMessage> inside = new ArrayList<>();
    blocks.forEach(block -> rows.of(block).forEach(row -> inside.add(row.message())));
    messagesByFile.put(file.path(), inside);
    content.written(file);
    return file;
  }

  /** Merges block files and small chunks of a batch. */
  Chunk merge(long batch, List<BlockFile> files, List<SmallChunk> small) {
    Chunk chunk = chunks.merge(batch, files, small);
    messagesByFile.put(
        chunk.path(),
        Stream.concat(files.stream().map(BlockFile::path), small.stream().map(SmallChunk::path))
            .flatMap(path -> in(path).stream())
            .toList());
    content.written(chunk);
    return chunk;
  }

  /** The messages that a file was written with. */
  List<SimulatedMessage> in(String path) {
    return Objects.requireNonNull(messagesByFile.get(path));
  }

  /** The messages of the block files that a link adds. */
  Stream<SimulatedMessage> addedBy(Link link) {
    return link.blockFiles().stream().flatMap(file -> in(file.path()).stream());
  }

  /** Leaves half of some files beside them, as a crash in the middle of a write does. */
  void tearSome(Random random) {
    for (String path : messagesByFile.keySet()) {
      if (random.nextInt(40) == 0) {
        Path whole = Path.of(path.replaceFirst("^file:", ""));
        tear(whole, whole.resolveSibling("torn-" + random.nextInt() + "-" + whole.getFileName()));
      }
    }
  }

  /** The lifecycle may have removed the file. */
  private static void tear(Path whole, Path torn) {
    try {
      if (Files.exists(whole)) {
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(torn, Arrays.copyOf(bytes, bytes.length / 2));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
