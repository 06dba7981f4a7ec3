package io.nova.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.block.BlockFile;
import io.nova.chunk.Chunk;
import io.nova.chunk.ChunkWriter;
import io.nova.table.EventTable;
import io.nova.table.Storage;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.YieldingOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Merges a fixed number of block files of one batch into a chunk. What has waited for longer than
 * the maximum wait, in upload time, is merged with fewer.
 *
 * <p>Merging runs on a thread of its own, one merge at a time, so that checkpoints pass meanwhile.
 * A block file stays in state until its chunk has been handed on; a merge that a failure cuts off
 * is done again, and its file is an orphan.
 */
final class ChunkOperator extends AbstractStreamOperator<Chunk>
    implements OneInputStreamOperator<BlockFile, Chunk>, YieldingOperator<Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final long MICROS_PER_MILLI = 1000;

  private final NovaSettings settings;
  private final MailboxExecutor mailbox;
  private transient Map<Long, List<BlockFile>> waiting;
  private transient Set<BlockFile> merging;
  private transient ListState<byte[]> state;
  private transient ChunkWriter writer;
  private transient ExecutorService merger;

  ChunkOperator(StreamOperatorParameters<Chunk> parameters, NovaSettings settings) {
    super(parameters);
    this.settings = settings;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    waiting = new TreeMap<>();
    merging = new HashSet<>();
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "block-files", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] stored : state.get()) {
      add(JSON.readValue(stored, BlockFile.class));
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    EventTable table = EventTable.find(settings.warehouse()).orElseThrow();
    writer =
        new ChunkWriter(Storage.configuration(), table.dataFolder(), settings.chunkSortBytes());
    merger = Executors.newSingleThreadExecutor(work -> new Thread(work, "nova-chunk-merger"));
    List.copyOf(waiting.keySet()).forEach(batch -> mergeFull(batch));
  }

  @Override
  public void processElement(StreamRecord<BlockFile> element) {
    BlockFile file = element.getValue();
    add(file);
    mergeFull(file.batchNumber());
  }

  private void add(BlockFile file) {
    waiting.computeIfAbsent(file.batchNumber(), batch -> new ArrayList<>()).add(file);
  }

  private void mergeFull(long batch) {
    List<BlockFile> files = waiting.getOrDefault(batch, List.of());
    while (files.size() >= settings.chunkBlockFiles()) {
      merge(batch, files.subList(0, settings.chunkBlockFiles()));
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      long longAgo = (mark.getTimestamp() - settings.chunkMaxWait().toMillis()) * MICROS_PER_MILLI;
      mergeBatchesThatWaitSince(longAgo);
    }
    super.processWatermark(mark);
  }

  private void mergeBatchesThatWaitSince(long micros) {
    for (Map.Entry<Long, List<BlockFile>> batch : waiting.entrySet()) {
      long oldest =
          batch.getValue().stream()
              .map(BlockFile::uploadToMicros)
              .min(Comparator.naturalOrder())
              .orElse(Long.MAX_VALUE);
      if (oldest < micros) {
        merge(batch.getKey(), batch.getValue());
      }
    }
  }

  /** Takes these files out of those that wait, and has them merged. */
  private void merge(long batch, List<BlockFile> files) {
    List<BlockFile> taken = List.copyOf(files);
    files.clear();
    merging.addAll(taken);
    merger.execute(
        () -> {
          try {
            Chunk chunk = writer.merge(batch, taken);
            mailbox.execute(() -> emit(chunk), "hand on a chunk");
          } catch (RuntimeException | Error e) {
            mailbox.execute(() -> fail(e), "fail for a chunk");
          }
        });
  }

  private void emit(Chunk chunk) {
    chunk.merged().forEach(merging::remove);
    output.collect(new StreamRecord<>(chunk));
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(
        "A chunk could not be written. Its block files stay; the job starts over.", cause);
  }

  /** Merges what is left, with however few. Comes with a drain only. */
  @Override
  public void finish() throws Exception {
    for (Map.Entry<Long, List<BlockFile>> batch : waiting.entrySet()) {
      if (!batch.getValue().isEmpty()) {
        merge(batch.getKey(), batch.getValue());
      }
    }
    while (!merging.isEmpty()) {
      mailbox.yield();
    }
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> stored = new ArrayList<>();
    for (BlockFile file : merging) {
      stored.add(JSON.writeValueAsBytes(file));
    }
    for (List<BlockFile> files : waiting.values()) {
      for (BlockFile file : files) {
        stored.add(JSON.writeValueAsBytes(file));
      }
    }
    state.update(stored);
  }

  @Override
  public void close() throws Exception {
    if (merger != null) {
      merger.shutdownNow();
    }
    super.close();
  }
}
