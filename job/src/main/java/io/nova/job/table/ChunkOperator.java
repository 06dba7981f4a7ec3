package io.nova.job.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import java.io.Serial;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.YieldingOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The operator that merges a fixed number of block files of one batch into a chunk. Fewer files are
 * merged once upload time has advanced by the maximum wait. A restore restarts that wait.
 *
 * <p>The second input says up to which batch no more events are admitted. The files of such a batch
 * are merged at once. That is a hint: late, early or lost, it changes the number of chunks only.
 *
 * <p>Merges run one at a time on a separate thread, so that checkpoints do not wait for them. A
 * block file stays in state until its chunk is emitted. After a failure a merge is repeated, and
 * the file of the first attempt is an orphan.
 */
final class ChunkOperator extends AbstractStreamOperator<Chunk>
    implements TwoInputStreamOperator<BlockFile, Long, Chunk>, YieldingOperator<Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final long NONE_YET = Long.MIN_VALUE;

  private final NovaSettings settings;
  private final MailboxExecutor mailbox;
  private transient Map<Long, List<BlockFile>> waiting;
  private transient Map<Long, Long> waitingSinceMs;
  private transient long watermarkMs;
  private transient long closedUpTo;
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
    waitingSinceMs = new HashMap<>();
    watermarkMs = NONE_YET;
    closedUpTo = NONE_YET;
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
    ClassLoaderCleanup.endWith(getRuntimeContext());
    EventTable table = EventTable.find(settings.warehouse()).orElseThrow();
    writer =
        new ChunkWriter(Storage.configuration(), table.dataFolder(), settings.chunkSortBytes());
    merger = Executors.newSingleThreadExecutor(work -> new Thread(work, "nova-chunk-merger"));
    List.copyOf(waiting.keySet()).forEach(batch -> mergeFull(batch));
  }

  @Override
  public void processElement1(StreamRecord<BlockFile> element) {
    BlockFile file = element.getValue();
    add(file);
    mergeFull(file.batchNumber());
    mergeClosed();
  }

  /** Takes the greatest batch that is closed. */
  @Override
  public void processElement2(StreamRecord<Long> closed) {
    closedUpTo = Math.max(closedUpTo, closed.getValue());
    mergeClosed();
  }

  private void add(BlockFile file) {
    waiting.computeIfAbsent(file.batchNumber(), batch -> new ArrayList<>()).add(file);
    waitingSinceMs.putIfAbsent(file.batchNumber(), watermarkMs);
  }

  private void mergeFull(long batch) {
    List<BlockFile> files = waiting.getOrDefault(batch, List.of());
    while (files.size() >= settings.chunkBlockFiles()) {
      merge(batch, files.subList(0, settings.chunkBlockFiles()));
    }
  }

  private void mergeClosed() {
    waiting.forEach(
        (batch, files) -> {
          if (batch <= closedUpTo && !files.isEmpty()) {
            merge(batch, files);
          }
        });
  }

  /** Closes have no upload time: only block files advance it. */
  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {}

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      watermarkMs = mark.getTimestamp();
      waitingSinceMs.replaceAll((batch, since) -> since == NONE_YET ? watermarkMs : since);
      mergeAfterLongWait();
    }
    super.processWatermark(mark);
  }

  private void mergeAfterLongWait() {
    long longAgo = watermarkMs - settings.chunkMaxWait().toMillis();
    for (Map.Entry<Long, List<BlockFile>> batch : waiting.entrySet()) {
      Long since = waitingSinceMs.get(batch.getKey());
      if (since != null && since <= longAgo) {
        merge(batch.getKey(), batch.getValue());
      }
    }
  }

  /** Merges these files, which then no longer wait. */
  private void merge(long batch, List<BlockFile> files) {
    List<BlockFile> taken = List.copyOf(files);
    files.clear();
    noteWait(batch);
    merging.addAll(taken);
    merger.execute(
        () -> {
          try {
            Chunk chunk = writer.merge(batch, taken);
            mailbox.execute(() -> emit(chunk), "emit a chunk");
          } catch (RuntimeException | Error e) {
            mailbox.execute(() -> fail(e), "fail after a failed merge");
          }
        });
  }

  /** The remaining files of the batch arrived later, so their wait starts now at the latest. */
  private void noteWait(long batch) {
    if (waiting.getOrDefault(batch, List.of()).isEmpty()) {
      waitingSinceMs.remove(batch);
    } else {
      waitingSinceMs.put(batch, watermarkMs);
    }
  }

  private void emit(Chunk chunk) {
    if (chunk.batchNumber() <= closedUpTo) {
      HaltPoint.MERGE.reached();
    }
    chunk.merged().forEach(merging::remove);
    output.collect(new StreamRecord<>(chunk));
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(
        "A chunk could not be written. Its block files stay as they are; the job restarts.", cause);
  }

  /** Merges all remaining files. Flink calls it in a drain only. */
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
